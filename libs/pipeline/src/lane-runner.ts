import type { LaneStatus } from '@engine/contracts';
import type { Chain, LaneSnapshots } from '@engine/lake/ports';
import type { LaneRecord, TableBatch } from '@engine/medallion';
import type { LogRecord } from '@engine/stream/ports';

import { Emitter } from './emitter.js';
import { LaneCheckpoints } from './lane-checkpoints.js';
import type { LaneInput, LaneOutput } from './lane-io.js';
import { rebuildIfNeeded } from './lane-rebuild.js';
import type { RebuiltLane } from './lane-rebuild.js';
import { LaneRecovery } from './lane-recovery.js';
import type { LaneStart } from './lane-recovery.js';
import type { LaneSnapshot } from './lane-snapshot.js';
import { LaneTables, openChains } from './lane-tables.js';
import type { FollowingRows } from './lane-tables.js';
import type { LaneContext, LaneMessage, LaneWiring } from './lane-wiring.js';
import { lastRecord, rangeOf, recordTimeBefore } from './log-tail.js';
import { checkSameLog, inputIdentity } from './replaced-log.js';
import { replayProgress } from './replay-progress.js';
import type { Cut } from './segment-buffer.js';
import { SilverHistory } from './silver-history.js';
import type { LaneHistory } from './silver-history.js';
import { StoredMarks } from './stored-marks.js';
import { addVerdicts } from './verdict-counts.js';

/** What a runner is opened with. */
interface LaneParts<State, Message, Emission> {
  readonly input: LaneInput<Message>;
  readonly output: LaneOutput<Emission>;
  readonly chains: ReadonlyMap<string, Chain>;
  readonly start: LaneStart<State>;
  readonly snapshots: LaneSnapshots | undefined;
  /** The input topic and its id. */
  readonly topic: string;
  /** Where the lane's input ended when it was taken over. */
  readonly replayEnd: number;
}

/**
 * Runs a layer over one lane: restore, process, emit, publish, checkpoint.
 *
 * The lane goes on from its newest snapshot, or from the start of its history: in the log or, where that has gone, in the
 * lake. What was published is not published again (the chains' ends tell), and what the output lane holds is not sent again (its newest record tells: it was only sent after all rows
 * before it were acknowledged).
 */
export class LaneRunner<State, Message extends LaneMessage, Emission> {
  readonly state: State;
  readonly #emitter: Emitter;
  readonly #verdicts: Map<string, number>;
  readonly #tables: LaneTables;
  readonly #marks: StoredMarks<Message>;
  readonly #checkpoints: LaneCheckpoints | undefined;
  #position: number;
  #unacknowledged = 0;
  #lastRecordTimeMs: number | undefined;
  #isRestored: boolean;
  /** While the lane is rebuilt and its input offsets are not known: where it will go on. */
  #resumesAt: number | undefined;

  private constructor(
    readonly lane: number,
    private readonly wiring: LaneWiring<State, Message, Emission>,
    private readonly context: LaneContext,
    private readonly parts: LaneParts<State, Message, Emission>,
  ) {
    const { start, chains } = parts;
    const stored = new Map([...chains].map(([name, chain]) => [name, wiring.past.storedTo(chain)]));
    this.state = start.state;
    this.#position = start.position;
    this.#verdicts = new Map(start.verdicts);
    this.#lastRecordTimeMs = start.lastRecordTimeMs;
    this.#emitter = new Emitter(context.log, context);
    this.#isRestored = start.snapshot !== undefined;
    this.#tables = new LaneTables(chains, stored, () => this.#cut(), context);
    this.#marks = new StoredMarks([...stored.values()], wiring.past);
    this.#checkpoints = this.#openCheckpoints();
  }

  /**
   * Finds out what there is of the lane and where it goes on. Throws when the lake belongs to another log, was made under
   * other rules, or neither log nor lake hold what must be processed again.
   */
  static async open<State, Message extends LaneMessage, Emission>(
    wiring: LaneWiring<State, Message, Emission>,
    context: LaneContext,
    lane: number,
  ): Promise<LaneRunner<State, Message, Emission>> {
    const { log, lake, rules, observer } = context;
    const { layer, inputTopic, outputTopic } = wiring;
    const topic = await inputIdentity(log, inputTopic);
    const chains = await openChains(lake, layer.tables, lane);
    const range = await rangeOf(log, inputTopic, lane);
    checkSameLog([...chains.values()], topic, range.end);
    const input = wiring.input();
    const output = wiring.output(lane, await lastRecord(log, outputTopic, lane));
    const snapshots = await context.checkpoints?.store.open(layer.name, lane);
    const remains = { lane, layer, input, chains: [...chains.values()], rules, topic, sent: output.last };
    const start = await new LaneRecovery(remains, snapshots, observer).start();
    const parts = { input, output, chains, start, snapshots, topic, replayEnd: range.end };
    const runner = new LaneRunner(lane, wiring, context, parts);
    return runner.#rebuilt().catch(async (error: unknown) => {
      await runner.close();
      throw error;
    });
  }

  get position(): number {
    return this.#position;
  }

  /** True while records from before the start are processed again: nothing in them is news. */
  get isReplaying(): boolean {
    return this.#position < this.parts.replayEnd;
  }

  /** True when the lane went on from a snapshot, or from the lake. */
  get isRestored(): boolean {
    return this.#isRestored;
  }

  /** The log's time of the newest record processed; undefined before the first. */
  get lastRecordTimeMs(): number | undefined {
    return this.#lastRecordTimeMs;
  }

  /** Processes the lane's next records; resolves when everything that follows from them is acknowledged downstream. */
  async process(records: readonly LogRecord[]): Promise<void> {
    this.#checkpoints?.batchBegins();
    await this.#tables.ready();
    const started = performance.now();
    const read = this.#read(records);
    const emitted = this.#apply(read, (records.at(-1)?.offset ?? this.#position - 1) + 1);
    this.#lastRecordTimeMs = records.at(-1)?.timeMs ?? this.#lastRecordTimeMs;
    const lastTickUs = lastTickTime(read);
    await this.emit(emitted);
    this.#checkpoints?.batchEnded();
    this.context.observer.batchProcessed?.(this.lane, (performance.now() - started) / 1000);
    if (lastTickUs !== undefined && !this.isReplaying)
      this.context.observer.tickEmitted?.(Date.now() / 1000 - lastTickUs / 1e6);
  }

  /** Sends on what a layer has to say; in order with everything else this lane sends. */
  async emit(emitted: readonly Emission[]): Promise<void> {
    const { output } = this.parts;
    const outgoing = output.encode(emitted);
    if (outgoing.length === 0) return;
    this.#unacknowledged++;
    await this.#emitter.send(output.topic, outgoing);
    this.#unacknowledged--;
  }

  /** For whoever goes along with the lane, and cannot go on. */
  failed(error: unknown): void {
    this.context.failed(error);
  }

  /** `inputEnd`: the offset at which the lane's input ends now. */
  status(inputEnd: number): LaneStatus {
    const { layer } = this.wiring;
    return {
      lane: this.lane,
      inputEnd,
      position: this.#position,
      acknowledged: this.#unacknowledged === 0,
      watermarkUs: layer.clockUs(this.state),
      symbols: layer.symbols(this.state),
      verdicts: Object.fromEntries(this.#verdicts),
      restoring: replayProgress(this.parts.start.position, this.#position, this.parts.replayEnd),
      ...this.#tables.status(),
    };
  }

  /** Publishes all rows that wait, and goes on. */
  publish(): Promise<void> {
    return this.#tables.flush();
  }

  /** Publishes all rows that wait and leaves a snapshot behind, so that the next owner has nothing to process again. */
  async finish(): Promise<void> {
    await this.publish();
    await this.#checkpoints?.finish();
  }

  /** Lets go of the lane without publishing or sending anything more. */
  async close(): Promise<void> {
    await this.#tables.drop();
    await this.#checkpoints?.close();
    await this.#emitter.close();
  }

  #read(records: readonly LogRecord[]): readonly LaneRecord<Message>[] {
    const { input } = this.parts;
    const trimmedBefore = input.trimmedRows;
    const read = records.flatMap((record): LaneRecord<Message>[] => {
      const message = input.read(record);
      return message === null ? [] : [{ offset: record.offset, message }];
    });
    const trimmed = input.trimmedRows - trimmedBefore;
    if (trimmed > 0) this.context.observer.rowsTrimmed?.(this.lane, trimmed);
    return read;
  }

  #openCheckpoints(): LaneCheckpoints | undefined {
    const { checkpoints, observer } = this.context;
    const { snapshots, start } = this.parts;
    if (checkpoints === undefined || snapshots === undefined) return undefined;
    const lane = {
      lane: this.lane,
      tables: this.#tables,
      position: () => this.#position,
      copy: (isFinal: boolean) => this.#copy(isFinal),
    };
    return new LaneCheckpoints(lane, snapshots, checkpoints.intervalMs, observer, start.snapshot);
  }

  #cut(): Cut {
    const { rules } = this.context;
    const watermark = this.wiring.layer.clockUs(this.state);
    const { input, topic } = this.parts;
    const next = this.#resumesAt ?? this.#position;
    const isFloating = this.#resumesAt !== undefined;
    return { next, isFloating, watermark, rules, topic, lanes: null, through: input.through };
  }

  #copy(isFinal: boolean): LaneSnapshot {
    const { input, output, topic } = this.parts;
    const body = {
      state: this.wiring.layer.snapshot(this.state),
      input: input.snapshot(),
      verdicts: new Map(this.#verdicts),
      lastRecordTimeMs: this.#lastRecordTimeMs,
      sent: output.last,
    };
    return { offset: this.#position, rules: this.context.rules, topic, isFinal, body };
  }

  /** `next`: the lane's position behind the records. `check`: looks at all rows that follow before they go anywhere. */
  #apply(
    read: readonly LaneRecord<Message>[],
    next: number,
    check?: (tables: readonly TableBatch[]) => void,
  ): readonly Emission[] {
    const emitted: Emission[] = [];
    const followed: FollowingRows[] = [];
    for (const { upTo, records } of this.#marks.parts(read)) {
      const output = this.wiring.layer.apply(this.state, records);
      followed.push({ upTo, batches: output.tables });
      addVerdicts(this.#verdicts, output.verdicts);
      for (const emission of output.emitted) emitted.push(emission);
    }
    check?.(followed.flatMap(({ batches }) => batches));
    // Position and rows change together, with nothing awaited between them: a segment may be cut at any other moment.
    this.#position = next;
    this.#tables.add(followed);
    return emitted;
  }

  /** Itself, brought to where the log can go on with it. */
  async #rebuilt(): Promise<this> {
    const { log, lake, rules, history = (lane) => SilverHistory.open(lake, lane) } = this.context;
    const { inputTopic, past, layer } = this.wiring;
    const { historyStarts } = await lake.generation(layer.name);
    const historyStart = historyStarts[this.lane] ?? 0;
    const lane = (): RebuiltLane => ({
      lane: this.lane,
      position: this.#position,
      wants: this.parts.input.recallFrom(this.#position),
      recall: (known, resumeAt) => this.#recall(known, resumeAt),
    });
    if (await rebuildIfNeeded(lane, { log, history, historyStart, rules, inputTopic, past })) {
      this.#isRestored = true;
      // Where the log has lost that record, time is counted from now on: windows close later, never too early.
      this.#lastRecordTimeMs =
        (await recordTimeBefore(log, { topic: inputTopic, partition: this.lane }, this.#position)) ??
        Date.now();
    }
    return this;
  }

  async #recall(history: LaneHistory, resumeAt: number): Promise<void> {
    const { past } = this.wiring;
    if (!past.hasSilverOffsets) this.#resumesAt = resumeAt;
    for await (const stretch of history.stretches(this.parts.input.recallFrom(this.#position))) {
      await this.#tables.ready();
      const records = this.parts.input.recall(stretch);
      const last = records.at(-1);
      const next = past.hasSilverOffsets && last !== undefined ? last.offset + 1 : this.#position;
      const emitted = this.#apply(records, next, (tables) =>
        past.checkRecalled?.(stretch, tables, this.lane),
      );
      await this.emit(emitted);
    }
    this.parts.input.recalledTo(history.end);
    this.#resumesAt = undefined;
    this.#position = resumeAt;
  }
}

function lastTickTime(records: readonly LaneRecord<LaneMessage>[]): number | undefined {
  const message = records.findLast((record) => record.message.kind === 'ticks')?.message;
  return message?.kind === 'ticks' ? message.ticks.recordTimeUs[message.ticks.n - 1] : undefined;
}
