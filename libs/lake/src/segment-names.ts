/** What a name in a lane's folder says. Level 0: as published; each level above: made of whole segments of the one below. */
export type ChainName =
  | { readonly kind: 'segment'; readonly level: number; readonly offset: number; readonly name: string }
  | { readonly kind: 'floor'; readonly offset: number; readonly name: string };

/** The highest level: what is there is never made part of anything again. */
export const TOP_LEVEL = 9;

const padded = (offset: number): string => String(offset).padStart(20, '0');

/** `first` is the input offset at which the segment begins; where it ends stands in its footer only. */
export const segmentName = (first: number): string => `${padded(first)}.parquet`;
export const compactedName = (first: number, level: number): string => `${padded(first)}.l${level}.parquet`;
/** Rows below `offset` are gone by retention, or were never there. */
export const floorName = (offset: number): string => `${padded(offset)}.floor`;

const PATTERN = /^(\d{20})\.(?:(?:l([1-9])\.)?parquet|(floor))$/;

/** undefined: the name is nobody's business. */
export function parseChainName(name: string): ChainName | undefined {
  const [, first, level, floor] = PATTERN.exec(name) ?? [];
  if (first === undefined) return undefined;
  const offset = Number(first);
  return floor === undefined
    ? { kind: 'segment', level: Number(level ?? 0), offset, name }
    : { kind: 'floor', offset, name };
}
