import { compareCoordinates } from '@engine/contracts';
import type { Coordinate } from '@engine/contracts';
import type { Chain, LaneSnapshots } from '@engine/lake/ports';
import type { Layer } from '@engine/medallion';

import type { LaneInput } from './lane-io.js';
import type { LaneBody, LaneSnapshot } from './lane-snapshot.js';
import type { PipelineObserver } from './observer.js';
import { RulesChangedError } from './recovery-errors.js';

/** What there is of a lane when it is taken over. */
export interface LaneRemains<State, Message, Emission> {
  readonly lane: number;
  readonly layer: Layer<State, Message, Emission>;
  /** Fresh; goes on from the snapshot that is found. */
  readonly input: LaneInput<Message>;
  readonly chains: readonly Chain[];
  readonly rules: string;
  /** The input topic and its id. */
  readonly topic: string;
  /** The coordinate of the output lane's newest record. */
  readonly sent: Coordinate | null;
}

/** Where a lane goes on, and with what. */
export interface LaneStart<State> extends Pick<LaneBody, 'verdicts' | 'lastRecordTimeMs'> {
  readonly position: number;
  readonly state: State;
  /** What it goes on from; undefined: it begins with nothing. */
  readonly snapshot: Pick<LaneSnapshot, 'offset' | 'isFinal'> | undefined;
}

/** Finds out where a lane can go on. */
export class LaneRecovery<State, Message, Emission> {
  constructor(
    private readonly remains: LaneRemains<State, Message, Emission>,
    private readonly snapshots: LaneSnapshots | undefined,
    private readonly observer: PipelineObserver,
  ) {}

  /**
   * From the newest snapshot that can be read and that every table has caught up with (rows above a chain's end are nowhere
   * but in the log), else from nothing. Throws `RulesChangedError` where other rules have decided what comes next.
   */
  async start(): Promise<LaneStart<State>> {
    let isNewest = true;
    for (const offset of (await this.snapshots?.list()) ?? []) {
      const snapshot = await this.#read(offset);
      if (snapshot?.topic !== this.remains.topic) continue;
      const isOurs = snapshot.rules === this.remains.rules;
      const start = isOurs ? this.#resume(snapshot) : await this.#takeOver(snapshot, isNewest);
      if (start !== undefined) return this.#checked(start);
      isNewest = false;
    }
    return this.#checked(this.#fromNothing());
  }

  async #read(offset: number): Promise<LaneSnapshot | undefined> {
    try {
      return (await this.snapshots?.read(offset)) as LaneSnapshot;
    } catch (error) {
      this.observer.snapshotUnreadable?.(this.remains.lane, offset, error);
      return undefined;
    }
  }

  #resume(snapshot: LaneSnapshot): LaneStart<State> | undefined {
    if (this.remains.chains.some((chain) => chain.end < snapshot.offset)) return undefined;
    try {
      return this.#restore(snapshot);
    } catch (error) {
      this.observer.snapshotUnreadable?.(this.remains.lane, snapshot.offset, error);
      return undefined;
    }
  }

  /**
   * Goes on from a snapshot that was made under other rules: only where they were brought to a clean end. Rows that were
   * sent and not published would be decided a second time, and differently.
   */
  async #takeOver(snapshot: LaneSnapshot, isNewest: boolean): Promise<LaneStart<State>> {
    const { chains, rules, sent } = this.remains;
    const isPublished = chains.every((chain) => chain.end === snapshot.offset);
    const isCleanEnd = isNewest && snapshot.isFinal && isPublished && !isAbove(sent, snapshot.body.sent);
    const taken = `its newest snapshot, taken at ${snapshot.offset}, is of them, and`;
    if (!isCleanEnd) throw this.#rulesChanged(snapshot.rules, `${taken} ${STOP_CLEANLY}`);
    const ours = { ...snapshot, rules, isFinal: false };
    const start = this.#restoreUnder(ours, snapshot.rules);
    // From here on the lane is ours: a restart must not find the other version's clean end again.
    await this.snapshots?.write(ours);
    return start;
  }

  #restoreUnder(snapshot: LaneSnapshot, before: string): LaneStart<State> {
    try {
      return this.#restore(snapshot);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw this.#rulesChanged(before, `its state does not fit (${reason}). ${GO_BACK}`);
    }
  }

  #restore(snapshot: LaneSnapshot): LaneStart<State> {
    const { offset, isFinal } = snapshot;
    const { state, input, verdicts, lastRecordTimeMs } = snapshot.body;
    const restored = this.remains.layer.restore(state);
    this.remains.input.restore(input);
    // Not the snapshot itself: its body is as large as the state and must not live as long.
    return { position: offset, state: restored, verdicts, lastRecordTimeMs, snapshot: { offset, isFinal } };
  }

  #fromNothing(): LaneStart<State> {
    const state = this.remains.layer.initial();
    return { position: 0, state, verdicts: new Map(), lastRecordTimeMs: undefined, snapshot: undefined };
  }

  #checked(start: LaneStart<State>): LaneStart<State> {
    const { chains, rules } = this.remains;
    for (const { lastFooter } of chains)
      if (lastFooter !== undefined && lastFooter.rules !== rules && lastFooter.next > start.position)
        throw this.#rulesChanged(lastFooter.rules, STOP_CLEANLY);
    return start;
  }

  #rulesChanged(before: string, detail: string): RulesChangedError {
    const { lane, layer, rules } = this.remains;
    return new RulesChangedError(`${layer.name}/lane=${lane}`, before, rules, detail);
  }
}

const ASIDE =
  'or run `engine backfill --layer silver` to compute silver and gold anew under the rules of now (bronze stays as it is).';
const STOP_CLEANLY = `they did not end in a clean stop. Run that version with its settings once and stop it, ${ASIDE}`;
const GO_BACK = `Go back to that version and its settings, ${ASIDE}`;

const isAbove = (one: Coordinate | null, other: Coordinate | null): boolean =>
  one !== null && (other === null || compareCoordinates(one, other) > 0);
