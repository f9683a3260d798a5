import { segmentIn } from '@engine/lake/testing';
import type { SegmentFooter } from '@engine/lake/ports';
import type { MemoryRow, SimulatedDisk } from '@engine/lake/testing';
import type { Random } from '@engine/oracle';

import { ViolationError } from '../machine/world.js';
import { WatchedChain } from './watched-chain.js';
import type { Segment } from './watched-chain.js';
import type { DiskWatch } from './world-files.js';

const CHAIN = /^\/(\w+\/\w+)\/lane=(\d+)\/(\d{20})\.(?:(?:l([1-9])\.)?parquet|(floor))$/;
const SNAPSHOT = /^\/_state\/(\w+)\/lane=(\d+)\/(\d{20})\.snapshot$/;

/** Looks at every name that appears in the lake, by itself: no reader or owner of the product is asked. */
export class LakeWatch implements DiskWatch {
  readonly #chains = new Map<string, WatchedChain>();
  readonly #snapshots = new Map<string, Set<number>>();

  constructor(
    private readonly disk: () => SimulatedDisk,
    private readonly violated: (violation: ViolationError) => void,
  ) {}

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
    const name = parse(path);
    if (name !== undefined) {
      const { level, offset } = name;
      const chain = this.chain(name.table, name.lane);
      if (level === 'floor') {
        chain.raiseFloor(offset);
        this.#checkWhole(chain, `${path} was linked`);
      } else {
        const segment = await this.#read(path);
        chain.names[level]!.set(offset, segment);
        if (level === 0) this.#published(chain, path, offset, segment);
        else this.#checkWhole(chain, `${path} was linked`);
      }
      return;
    }
    const [, layer, at, offset] = SNAPSHOT.exec(path) ?? [];
    if (layer !== undefined) this.#snapshotTaken(layer, Number(at), Number(offset));
  }

  /** An owner takes a segment for published. */
  acknowledged(table: string, lane: number, { first, next, content }: SegmentFooter): void {
    const chain = this.chain(table, lane);
    const stray = chain.strays.get(first)?.footer;
    const isStray = stray?.next === next && stray.content === content;
    if (!isStray && chain.end >= next) return;
    const where = `${table}/lane=${lane}`;
    this.violated(
      new ViolationError(
        'no-row-lost',
        `${where}: [${first}, ${next}) was taken for published, and no reader comes to it`,
      ),
    );
  }

  /** An owner goes on at `end`, and takes what lies before it for published: from now on it has to outlive the machine. */
  takenOver(table: string, lane: number, end: number): void {
    const { durableEnd, end: published } = this.chain(table, lane);
    if (durableEnd >= Math.min(end, published)) return;
    this.violated(
      new ViolationError(
        'no-row-lost',
        `${table}/lane=${lane}: it was gone on at ${end} while names from ${durableEnd} on were not synced`,
      ),
    );
  }

  synced(folder: string): void {
    const chain = this.#chains.get(folder);
    if (chain !== undefined) chain.durableEnd = chain.end;
  }

  /** Of a chain that has any. Retention leaves one at least: what an owner goes on from stands in it, and nowhere else. */
  lastSegment(
    folders: RegExp,
    random: Random,
  ): { readonly folder: string; readonly path: string } | undefined {
    const chains = [...this.#chains].flatMap(([folder, chain]) => {
      const walk = folders.test(folder) ? chain.walk() : [];
      const last = walk.at(-1);
      return last === undefined || (walk.length === 1 && chain.floor > 0) ? [] : [{ folder, last }];
    });
    if (chains.length === 0) return undefined;
    const { folder, last } = random.pick(chains);
    const ending = last.level === 0 ? 'parquet' : `l${last.level}.parquet`;
    return { folder, path: `${folder}/${String(last.segment.footer.first).padStart(20, '0')}.${ending}` };
  }

  replaced(path: string): void {
    if (CHAIN.test(path)) throw new ViolationError('put-if-absent', `${path} was taken from its owner`);
  }

  unlinked(path: string): void {
    const name = parse(path);
    if (name !== undefined) {
      const { level, offset } = name;
      const chain = this.chain(name.table, name.lane);
      if (level === 0) chain.strays.delete(offset);
      if (level !== 'floor') chain.names[level]!.delete(offset);
      else if (!chain.removeFloor(offset))
        throw new ViolationError('no-row-twice', `${path} was removed, the highest floor`);
      this.#checkWhole(chain, `${path} was removed`);
      return;
    }
    const [, layer, lane, offset] = SNAPSHOT.exec(path) ?? [];
    if (layer !== undefined) this.#snapshotRemoved(layer, Number(lane), Number(offset));
  }

  /** What a machine finds that is started again: nothing that was promised to be durable may be gone or torn. */
  async powerLost(exceptIn?: string): Promise<void> {
    await this.#findSnapshots();
    for (const [folder, before] of this.#chains) {
      const after = await this.#found(folder, before);
      this.#chains.set(folder, after);
      if (after.end < before.durableEnd && folder !== exceptIn)
        throw new ViolationError(
          'no-row-lost',
          `${folder} was durable up to ${before.durableEnd} and ends at ${after.end} after a loss of power`,
        );
      this.#checkWhole(after, `${folder} after a loss of power`);
    }
  }

  /** The names that are there, and of what was published before as much as they reach to. */
  async #found(folder: string, before: WatchedChain): Promise<WatchedChain> {
    const after = new WatchedChain();
    for (const each of await this.disk().list(folder)) {
      const path = `${folder}/${each}`;
      const name = parse(path);
      if (name?.level === 'floor') after.raiseFloor(name.offset);
      else if (name !== undefined) after.names[name.level]!.set(name.offset, await this.#read(path));
    }
    const end = after.walk().at(-1)?.segment.footer.next ?? after.floor;
    for (const segment of before.segments) if (segment.footer.next <= end) after.append(segment);
    // Higher levels come last: readers take those first.
    for (const names of after.names)
      for (const [first, segment] of names) if (first >= end) after.ahead.set(first, segment);
    after.durableEnd = after.end;
    return after;
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

  #published(chain: WatchedChain, path: string, first: number, segment: Segment): void {
    const { footer } = segment;
    if (footer.first !== first || footer.next <= first)
      throw new ViolationError(
        'chain-contiguous',
        `${path} says that it holds [${footer.first}, ${footer.next})`,
      );
    // Its name was free again: no walk comes to it, and its owner is told that the chain has moved.
    if (chain.isReplaced(0, first)) {
      chain.strays.set(first, segment);
      this.#checkWhole(chain, `${path} was linked where it is replaced`);
      return;
    }
    if (first !== chain.end)
      throw new ViolationError(
        'chain-contiguous',
        `${path} was linked while the chain ended at ${chain.end}`,
      );
    if (chain.watermark !== null && (footer.watermark ?? -Infinity) < chain.watermark)
      throw new ViolationError(
        'watermark-never-back',
        `${path}: ${footer.watermark} after ${chain.watermark}`,
      );
    chain.append(segment);
  }

  /** Nobody reads any more, and each chain was tended once again, without a grace. */
  checkTidy(): void {
    for (const [folder, { replaced }] of this.#chains)
      if (replaced.length > 0)
        throw new ViolationError('replaced-files-go', `${folder}: ${replaced.join(', ')} were left`);
  }

  #checkWhole(chain: WatchedChain, what: string): void {
    const damage = chain.damage();
    if (damage !== undefined) throw new ViolationError('chain-contiguous', `${what}: ${damage}`);
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

interface ChainPath {
  readonly table: string;
  readonly lane: number;
  readonly offset: number;
  readonly level: number | 'floor';
}

function parse(path: string): ChainPath | undefined {
  const [, table, lane, offset, level, floor] = CHAIN.exec(path) ?? [];
  if (table === undefined) return undefined;
  return {
    table,
    lane: Number(lane),
    offset: Number(offset),
    level: floor === undefined ? Number(level ?? 0) : 'floor',
  };
}
