import type { List } from '@engine/contracts/api';
import { getJson, pathOf } from './get-json.js';

/** All items of a list, page by page. */
export async function getList<Item>(path: string, signal: AbortSignal): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await getJson<List<Item>>(pathOf(path, { cursor }), signal);
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}
