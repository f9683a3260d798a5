import type { JSX, MouseEvent } from 'react';
import { queryOf } from '../../core/selection.js';
import { select, selection } from '../../page/address.js';
import { useSession } from '../../page/session-context.js';
import { useStore } from '../../page/use-store.js';

/** Shows the symbol in the chart; a real link, so that it can be opened in another window too. */
export function SymbolLink({ symbol }: { readonly symbol: string }): JSX.Element {
  const selected = useStore(selection);
  const isShown = useStore(useSession().instrument)?.symbol === symbol;
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    select({ symbol });
  };
  return (
    <a
      className="symbol"
      href={queryOf({ ...selected, symbol })}
      aria-current={isShown ? 'true' : undefined}
      onClick={follow}
    >
      {symbol}
    </a>
  );
}
