import { segmentIn } from '@engine/lake/testing';
import type { MemoryRow, SimulatedDisk } from '@engine/lake/testing';
import type { Random } from '@engine/oracle';
import type { SegmentFooter } from '@engine/lake/ports';

import { ViolationError } from '../machine/world.js';
import type { DiskWatch } from './world-files.js';

/** What stands in a segment of the simulated lake. */
export interface Segment {
  readonly footer: SegmentFooter;
  readonly rows: readonly MemoryRow[];
}

/** A chain as all names that were ever linked make it. */
export class WatchedChain {
  readonly segments: Segment[] = [];
  /** Linked above the end: names that survived a loss of power which others did not. */
  readonly ahead = new Map<number, Segment>();
  /** Below it everything was acknowledged to its owner as durable. */
  durableEnd = 0;

  get end(): number {
    return this.segments.at(-1)?.footer.next ?? 0;
  }

  get watermark(): number | null {
    return this.segments.at(-1)?.footer.watermark ?? null;
  }

  join(): void {
    for (let next = this.ahead.get(this.end); next !== undefined; next = this.ahead.get(this.end)) {
      this.ahead.delete(this.end);
      this.segments.push(next);
    }
  }
}

const SEGMENT = /^\/(\w+\/\w+)\/lane=(\d+)\/(\d{20})\.parquet$/;
const SNAPSHOT = /^\/_state\/(\w+)\/lane=(\d+)\/(\d{20})\.snapshot$/;

/** Looks at every name that appears in the lake, by itself: no reader or owner of the product is asked. */
export class LakeWatch implements DiskWatch {
  readonly #chains = new Map<string, WatchedChain>();
  readonly #snapshots = new Map<string, Set<number>>();

  constructor(private readonly disk: () => SimulatedDisk) {}

  chain(table: string, lane: number): WatchedChain {
    const key = `/${table}/lane=${lane}`;
    let chain = this.#chains.get(key);
    if (chain === undefined) this.#chains.set(key, (chain = new WatchedChain()));
    return chain;
  }

  rows(table: string, lane: number): readonly MemoryRow[] {
    return this.chain(table, lane).segments.flatMap(({ rows }) => rows);
  }

  /** Of all lanes. */
  allRows(table: string): readonly MemoryRow[] {
    return [...this.#chains]
      .filter(([folder]) => folder.startsWith(`/${table}/`))
      .flatMap(([, { segments }]) => segments.flatMap(({ rows }) => rows));
  }

  async linked(path: string): Promise<void> {
    const [, table, lane, first] = SEGMENT.exec(path) ?? [];
    if (table !== undefined) {
      this.#extend(this.chain(table, Number(lane)), path, Number(first), await this.#read(path));
      return;
    }
    const [, layer, at, offset] = SNAPSHOT.exec(path) ?? [];
    if (layer !== undefined) this.#snapshotTaken(layer, Number(at), Number(offset));
  }

  synced(folder: string): void {
    const chain = this.#chains.get(folder);
    if (chain !== undefined) chain.durableEnd = chain.end;
  }

  /** Of a chain that has any. */
  lastSegment(
    folders: RegExp,
    random: Random,
  ): { readonly folder: string; readonly path: string } | undefined {
    const chains = [...this.#chains].filter(
      ([folder, { segments }]) => folders.test(folder) && segments.length > 0,
    );
    if (chains.length === 0) return undefined;
    const [folder, { segments }] = random.pick(chains);
    return { folder, path: `${folder}/${String(segments.at(-1)!.footer.first).padStart(20, '0')}.parquet` };
  }

  replaced(path: string): void {
    if (SEGMENT.test(path)) throw new ViolationError('put-if-absent', `${path} was taken from its owner`);
  }

  unlinked(path: string): void {
    if (SEGMENT.test(path)) throw new ViolationError('no-row-lost', `${path} was removed`);
    const [, layer, lane, offset] = SNAPSHOT.exec(path) ?? [];
    if (layer !== undefined) this.#snapshotRemoved(layer, Number(lane), Number(offset));
  }

  /** What a machine finds that is started again: nothing that was promised to be durable may be gone or torn. */
  async powerLost(exceptIn?: string): Promise<void> {
    await this.#findSnapshots();
    for (const [folder, before] of this.#chains) {
      const after = new WatchedChain();
      this.#chains.set(folder, after);
      const names = (await this.disk().list(folder)).flatMap(
        (name) => SEGMENT.exec(`${folder}/${name}`)?.[3] ?? [],
      );
      for (const name of names) after.ahead.set(Number(name), await this.#read(`${folder}/${name}.parquet`));
      after.join();
      after.durableEnd = after.end;
      if (after.end < before.durableEnd && folder !== exceptIn)
        throw new ViolationError(
          'no-row-lost',
          `${folder} was durable up to ${before.durableEnd} and ends at ${after.end} after a loss of power`,
        );
    }
  }

  async #findSnapshots(): Promise<void> {
    for (const [key, offsets] of this.#snapshots) {
      const [layer, lane] = key.split('/');
      const folder = `/_state/${layer}/lane=${lane}`;
      offsets.clear();
      for (const name of await this.disk().list(folder)) {
        const offset = SNAPSHOT.exec(`${folder}/${name}`)?.[3];
        if (offset !== undefined) offsets.add(Number(offset));
      }
    }
  }

  #extend(chain: WatchedChain, path: string, first: number, segment: Segment): void {
    const { footer } = segment;
    if (first !== chain.end)
      throw new ViolationError(
        'chain-contiguous',
        `${path} was linked while the chain ended at ${chain.end}`,
      );
    if (footer.first !== first || footer.next <= first)
      throw new ViolationError(
        'chain-contiguous',
        `${path} says that it holds [${footer.first}, ${footer.next})`,
      );
    if (chain.watermark !== null && (footer.watermark ?? -Infinity) < chain.watermark)
      throw new ViolationError(
        'watermark-never-back',
        `${path}: ${footer.watermark} after ${chain.watermark}`,
      );
    chain.segments.push(segment);
    chain.join();
  }

  /** Whoever takes the lane over must find three that it can start from, if there ever were so many. */
  #snapshotRemoved(layer: string, lane: number, offset: number): void {
    const snapshots = this.#snapshotsOf(layer, lane);
    snapshots.delete(offset);
    const ends = this.#chainsOf(layer, lane).map(([, { end }]) => end);
    const usable = [...snapshots].filter((other) => other > offset && ends.every((end) => other <= end));
    if (usable.length < 3)
      throw new ViolationError(
        'bounded restart',
        `the snapshot of ${layer}/lane=${lane} at ${offset} was removed, left are ${[...snapshots].join(', ')} with chains up to ${ends.join(', ')}`,
      );
  }

  #snapshotsOf(layer: string, lane: number): Set<number> {
    const key = `${layer}/${lane}`;
    let snapshots = this.#snapshots.get(key);
    if (snapshots === undefined) this.#snapshots.set(key, (snapshots = new Set()));
    return snapshots;
  }

  #chainsOf(layer: string, lane: number): readonly (readonly [string, WatchedChain])[] {
    return [...this.#chains].filter(
      ([folder]) => folder.startsWith(`/${layer}/`) && folder.endsWith(`/lane=${lane}`),
    );
  }

  #snapshotTaken(layer: string, lane: number, offset: number): void {
    this.#snapshotsOf(layer, lane).add(offset);
    for (const [folder, { end }] of this.#chainsOf(layer, lane))
      if (end < offset)
        throw new ViolationError(
          'replay-equals-live',
          `a snapshot of ${layer} at ${offset} while ${folder} ends at ${end}`,
        );
  }

  async #read(path: string): Promise<Segment> {
    const bytes = await this.disk().readBytes(path);
    try {
      return segmentIn(bytes ?? new Uint8Array());
    } catch (error) {
      throw new ViolationError(
        'reader-never-sees-half',
        `${path}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}
