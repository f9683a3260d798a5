import type { List } from '@engine/contracts/api';

/** The first `limit` of the items that are left; `cursorOf` names the place behind an item. */
export function pageOf<Item, Shown>(
  items: readonly Item[],
  limit: number,
  { show, cursorOf }: { readonly show: (item: Item) => Shown; readonly cursorOf: (item: Item) => string },
): List<Shown> {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(show), next: last === undefined || items.length <= limit ? null : cursorOf(last) };
}
