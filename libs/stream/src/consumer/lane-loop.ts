import type { LaneListener, LogBatch, LogRecord, ReadLimits } from '../ports.js';
import type { Lane } from './lane.js';
import type { LaneOwner } from './lane-owner.js';
import type { LaneSource } from './lane-source.js';
import { mergeByRecordTime } from './merge-by-record-time.js';
import { Stop } from './stop.js';

export interface LaneLoopParts {
  readonly source: LaneSource;
  readonly listener: LaneListener;
  readonly owner: LaneOwner;
  readonly limits: ReadLimits;
  /** False while the lanes may have become another consumer's: nothing of them is delivered then. */
  readonly isHeld: () => boolean;
}

/** How often lanes whose lease has run out are looked at. */
const LEASE_POLL_MS = 20;

/** Delivers the records of some lanes, merged by record time, one batch after the other. */
export class LaneLoop {
  readonly #stop = new Stop();
  #failures = 0;
  #waitingSince: number | undefined;
  #ran: Promise<void> | undefined;

  constructor(
    readonly lanes: readonly Lane[],
    private readonly parts: LaneLoopParts,
  ) {}

  /** True while everything there is has been dealt with. */
  get isIdle(): boolean {
    return this.#waitingSince === this.parts.source.changes.version;
  }

  /** Runs until a stop is asked for; rejects with what ends the consumer. */
  run(): Promise<void> {
    return (this.#ran ??= this.#run());
  }

  requestStop(): void {
    this.#stop.request();
    this.parts.source.changes.raise();
  }

  /** Resolves when the batch at hand has been dealt with and there will be no other. */
  async stop(): Promise<void> {
    this.requestStop();
    await this.#ran?.catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { source } = this.parts;
    while (!this.#stop.isRequested) {
      const version = source.changes.version;
      const isAtEnd = await this.#deliverNext();
      // A long backlog must not keep timers and sockets waiting, however fast the listener is.
      await (isAtEnd ? this.#changeSince(version) : nextTurn());
    }
  }

  /** A stop raises the signal too. */
  async #changeSince(version: number): Promise<void> {
    this.#waitingSince = version;
    await this.parts.source.changes.changedSince(version);
    this.#waitingSince = undefined;
  }

  /** Resolves to true when there was nothing to deliver. */
  async #deliverNext(): Promise<boolean> {
    let concerned = this.lanes;
    try {
      const failed = this.lanes.find((lane) => lane.assignment?.failure !== undefined);
      if (failed !== undefined) {
        concerned = [failed];
        throw failed.assignment!.failure!.error as Error;
      }
      const batch = await this.#nextBatch();
      if (batch === undefined) return await this.#isAtEnd();
      concerned = batch.lanes;
      await this.parts.listener.batch(batch);
      this.#failures = 0;
      if (batch.wasStale) await this.#takeAgain(batch.lanes);
    } catch (error) {
      const { owner } = this.parts;
      if (!owner.mayTryAgain(error)) throw error;
      await owner.restart(concerned, this.#stop, this.#failures++);
    }
    return false;
  }

  /** What was fetched while leases had run out waits for them, and nothing tells that they were renewed. */
  async #isAtEnd(): Promise<boolean> {
    if (this.parts.isHeld()) return true;
    await this.#stop.sleep(LEASE_POLL_MS);
    return false;
  }

  /**
   * Who was told that its batch is stale has dropped it. Leases that had run out may have been renewed since: going on
   * behind the batch would lose it, so the lanes go on where the listener says, once they are ours.
   */
  async #takeAgain(lanes: readonly Lane[]): Promise<void> {
    const { owner, isHeld } = this.parts;
    for (const lane of lanes) lane.hasDropped = true;
    while (!this.#stop.isRequested && !isHeld()) await this.#stop.sleep(LEASE_POLL_MS);
    // Most often they are another one's by now, or about to be given up with all the others.
    if (this.#stop.isRequested) return;
    await owner.revoke(lanes);
    await owner.assign(lanes, this.#stop);
  }

  async #nextBatch(): Promise<Batch | undefined> {
    await this.#fetch();
    this.#tellPassed();
    const { source, limits, isHeld } = this.parts;
    const records = isHeld() ? mergeByRecordTime(this.lanes, limits) : [];
    if (records.length === 0) return undefined;
    const counts = countByPartition(records);
    const lanes = this.lanes.filter((lane) => counts.has(lane.partition));
    for (const lane of lanes) lane.drop(counts.get(lane.partition)!);
    return new Batch(source.topic, records, lanes, isHeld);
  }

  /** All batches before have been dealt with. */
  #tellPassed(): void {
    if (!this.parts.isHeld()) return;
    for (const lane of this.lanes) {
      const offset = lane.takePassed();
      if (offset !== undefined) this.parts.listener.passed?.(lane.partition, offset);
    }
  }

  async #fetch(): Promise<void> {
    const { source, limits } = this.parts;
    const share = {
      maxRecords: Math.ceil(limits.maxRecords / this.lanes.length),
      maxBytes: Math.ceil(limits.maxBytes / this.lanes.length),
    };
    const fetched = await source.fetch(this.lanes.map((lane) => lane.wanted(share)));
    this.lanes.forEach((lane, i) => {
      lane.add(fetched[i]!);
    });
  }
}

class Batch implements LogBatch {
  readonly #assignments;
  #wasStale = false;

  constructor(
    readonly topic: string,
    readonly records: readonly LogRecord[],
    readonly lanes: readonly Lane[],
    private readonly isHeld: () => boolean,
  ) {
    this.#assignments = lanes.map((lane) => lane.assignment);
  }

  /** Somebody was told that it is. */
  get wasStale(): boolean {
    return this.#wasStale;
  }

  isStale(): boolean {
    this.#wasStale ||=
      !this.isHeld() || this.#assignments.some((assignment) => assignment?.isRevoked !== false);
    return this.#wasStale;
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function countByPartition(records: readonly LogRecord[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { partition } of records) counts.set(partition, (counts.get(partition) ?? 0) + 1);
  return counts;
}
