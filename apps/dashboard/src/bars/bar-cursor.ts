import type { BarRow } from './bar.js';

/** A place in a list of bars: behind this revision of the bar that starts there. */
export interface BarCursor {
  readonly start: number;
  readonly revision: number;
}

export const encodeBarCursor = ({ start, revision }: Pick<BarRow, 'start' | 'revision'>): string =>
  `${start}.${revision}`;

export function parseBarCursor(text: string): BarCursor | undefined {
  const [, start, revision] = /^(\d{1,16})\.(\d{1,9})$/.exec(text) ?? [];
  return start === undefined ? undefined : { start: Number(start), revision: Number(revision) };
}
