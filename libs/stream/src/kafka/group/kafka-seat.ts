import { setTimeout as pause } from 'node:timers/promises';
import { ChangeSignal } from '../../consumer/change-signal.js';
import type { LaneLeases, Share } from '../../group/lane-leases.js';
import { isRetriable } from '../../ports.js';
import type { KafkaConnection } from '../kafka-connection.js';
import { GroupSession } from './group-session.js';
import type { GroupSettings } from './group-session.js';
import { PositionReports } from './position-reports.js';

const retryMs = 250;
/** How long a leaving member waits for the answer to a join under way: only that tells it the name to leave by. */
const leavePatienceMs = 3_000;
/** How long whoever waits for a lane waits for its last position to be told. */
const reportPatienceMs = 1_000;

/**
 * The partitions of one consumer in a Kafka group.
 *
 * Joining again takes nothing away: what is held goes on being worked on meanwhile, and only what the group wants moved is
 * given up (Kafka's incremental cooperative rebalancing, with the claims told in the member's metadata).
 */
export class KafkaSeat implements LaneLeases {
  readonly changes = new ChangeSignal();
  readonly #session: GroupSession;
  readonly #reports: PositionReports;
  /** What the group has given us. */
  #own: readonly number[] = [];
  /** What we work on, or are about to. */
  #held: readonly number[] = [];
  #joining: Promise<void> | undefined;
  #joinFailure: { readonly error: unknown } | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(settings: GroupSettings, connection: KafkaConnection) {
    const beaten = (): void => void this.#tellReports();
    this.#session = new GroupSession(settings, connection, this.changes, beaten);
    this.#reports = new PositionReports(this.#session);
  }

  isHeld(): boolean {
    return this.#session.isAlive;
  }

  async claim(): Promise<Share> {
    if (!this.#session.isAlive) {
      this.#own = [];
      // What was ours may be another one's by now: it has to be given up before we may come back.
      if (this.#held.length > 0) return { taken: [], surplus: this.#held };
    }
    if (this.#session.mustJoin || this.#joining) await this.#joinUnlessInterrupted();
    return this.#share();
  }

  /** Who has been taken for dead may come back to what it had, if nobody else was given anything meanwhile. */
  async revive(): Promise<void> {
    await this.#session.beat();
    if (this.#session.isAlive || this.#held.length === 0) return;
    const before = this.#session.generation;
    await this.#join();
    // One generation without us and one with us again.
    const isUndisturbed = this.#session.generation <= before + 2;
    if (isUndisturbed && this.#held.every((partition) => this.#own.includes(partition))) return;
    await this.#session.leave().catch(() => undefined);
  }

  async report(partition: number, offset: number): Promise<void> {
    if (this.#held.includes(partition)) await this.#reports.add(partition, offset);
  }

  async release(partitions: readonly number[]): Promise<void> {
    if (partitions.length === 0) return;
    await this.#tellReports();
    this.#held = this.#held.filter((partition) => !partitions.includes(partition));
    this.#session.requireJoin();
  }

  async leave(): Promise<void> {
    clearTimeout(this.#retry);
    this.#held = [];
    if (this.#joining) await Promise.race([this.#joining, pause(leavePatienceMs, undefined, { ref: false })]);
    await this.#tellReports();
    // Who cannot say goodbye is missed when its session has run out.
    await this.#session.leave().catch(() => undefined);
    this.#session.close();
  }

  async #tellReports(): Promise<void> {
    const told = this.#reports.tell().catch(() => undefined);
    await Promise.race([told, pause(reportPatienceMs, undefined, { ref: false })]);
  }

  /** The others may let us wait; who wants us to stop raises the signal, and what comes of it is kept. */
  async #joinUnlessInterrupted(): Promise<void> {
    const { version } = this.changes;
    this.#joining ??= this.#join().finally(() => {
      this.#joining = undefined;
      this.changes.raise();
    });
    await Promise.race([this.#joining, this.changes.changedSince(version)]);
    const failure = this.#joinFailure;
    this.#joinFailure = undefined;
    if (failure) throw failure.error;
  }

  async #join(): Promise<void> {
    // Until we have joined without them they are nobody else's.
    this.#reports.keepOnly(this.#held);
    try {
      this.#own = await this.#session.join(this.#held);
    } catch (error) {
      this.#own = this.#held;
      if (isRetriable(error)) this.#tryAgainLater();
      else this.#joinFailure = { error };
    }
  }

  #tryAgainLater(): void {
    clearTimeout(this.#retry);
    this.#session.requireJoin();
    this.#retry = setTimeout(() => {
      this.changes.raise();
    }, retryMs);
  }

  #share(): Share {
    const [own, held] = [this.#own, this.#held];
    const taken = own.filter((partition) => !held.includes(partition));
    this.#held = [...held, ...taken];
    return { taken, surplus: held.filter((partition) => !own.includes(partition)) };
  }
}
