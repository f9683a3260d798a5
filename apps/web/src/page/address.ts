import { parseSelection, queryOf } from '../core/selection.js';
import type { Selection } from '../core/selection.js';
import { Store } from '../core/store.js';

/** The selection that stands in the address bar. */
export const selection = new Store<Selection>(parseSelection(location.search));

window.addEventListener('popstate', () => selection.set(parseSelection(location.search)));

/** Changes the selection and the address; the way back is kept in the browser's history. */
export function select(change: Partial<Selection>): void {
  const selected = { ...selection.get(), ...change };
  history.pushState(null, '', queryOf(selected));
  selection.set(selected);
}
