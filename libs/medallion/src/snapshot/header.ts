import type { LayerName } from '../layer.js';

/** The settings that a snapshot's state came about by, in a form that can be compared and read. */
export type SettingValues = Readonly<Record<string, string | number>>;

/** What a snapshot says of itself: whether a layer can go on from it. */
export interface SnapshotHeader {
  readonly layer: LayerName;
  /** Of the shape of the data. */
  readonly version: number;
  readonly settings: SettingValues;
}

/** Throws a RangeError that says in what the snapshot is not of the layer, version or settings wanted. */
export function assertSnapshotOf(wanted: SnapshotHeader, snapshot: unknown): void {
  const found = headerOf(snapshot);
  if (found === undefined) throw new RangeError(`not a snapshot of a layer: ${typeof snapshot}`);
  assertSame('layer', found.layer, wanted.layer, wanted);
  assertSame('version', found.version, wanted.version, wanted);
  for (const name of new Set([...Object.keys(wanted.settings), ...Object.keys(found.settings)]))
    assertSame(name, found.settings[name], wanted.settings[name], wanted);
}

function headerOf(snapshot: unknown): SnapshotHeader | undefined {
  if (typeof snapshot !== 'object' || snapshot === null) return undefined;
  const { layer, version, settings } = snapshot as Partial<Record<keyof SnapshotHeader, unknown>>;
  const isHeader = typeof layer === 'string' && typeof version === 'number' && typeof settings === 'object';
  return isHeader && settings !== null ? (snapshot as SnapshotHeader) : undefined;
}

function assertSame(
  name: string,
  found: string | number | undefined,
  wanted: string | number | undefined,
  { layer }: SnapshotHeader,
): void {
  if (found === wanted) return;
  throw new RangeError(
    `snapshot for ${layer}: its ${name} is ${String(found)}, wanted is ${String(wanted)}; it must be rebuilt from the log`,
  );
}
