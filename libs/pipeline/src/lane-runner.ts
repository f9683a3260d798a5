import type { Chain, ChainStore, LaneSnapshots, SnapshotStore } from '@engine/lake/ports';
import type { LaneRecord, Layer } from '@engine/medallion';
import type { Log, LogRecord, OffsetRange } from '@engine/stream/ports';

import { Emitter } from './emitter.js';
import { LaneCheckpoints } from './lane-checkpoints.js';
import type { LaneInput, LaneOutput } from './lane-io.js';
import { LaneRecovery } from './lane-recovery.js';
import type { LaneStart } from './lane-recovery.js';
import type { LaneSnapshot } from './lane-snapshot.js';
import { addVerdicts } from './lane-status.js';
import type { LaneStatus } from './lane-status.js';
import { LaneTables, openChains } from './lane-tables.js';
import { lastRecord } from './log-tail.js';
import type { PipelineObserver } from './observer.js';
import { LaneHistoryLostError } from './recovery-errors.js';
import { checkSameLog, inputIdentity } from './replaced-log.js';
import type { Cut, SegmentLimits } from './segment-buffer.js';

/** Ticks (the last one's record time is looked at) or a marker. */
export type LaneMessage =
  | {
      readonly kind: 'ticks';
      readonly ticks: { readonly n: number; readonly recordTimeUs: readonly number[] };
    }
  | { readonly kind: 'marker' };

/** A layer with its place in the log: what it reads, and what it says to whom. */
export interface LaneWiring<State, Message extends LaneMessage, Emission> {
  readonly layer: Layer<State, Message, Emission>;
  readonly inputTopic: string;
  readonly outputTopic: string;
  input(): LaneInput<Message>;
  /** `tail`: the newest record of the output lane, which tells what needs not be sent again. */
  output(lane: number, tail: LogRecord | undefined): LaneOutput<Emission>;
}

/** As much of the log as runners need beside their consumers. */
export type PipelineLog = Pick<Log, 'describeTopic' | 'offsetRanges' | 'read' | 'createProducer'>;

export interface PipelineContext {
  readonly log: PipelineLog;
  readonly lake: ChainStore;
  readonly limits: SegmentLimits;
  /** Left out, a restart processes its lanes from the log's start. */
  readonly checkpoints?: { readonly store: SnapshotStore; readonly intervalMs: number };
  /** Version of the rules and settings, for the segments' footers. */
  readonly rules: string;
  readonly observer: PipelineObserver;
}

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
 * The lane goes on from its newest snapshot, or from the log's start. What was published is not published again (the chains'
 * ends tell), and what the output lane holds is not sent again (its newest record tells: it was only sent after all rows
 * before it were acknowledged).
 */
export class LaneRunner<State, Message extends LaneMessage, Emission> {
  readonly state: State;
  readonly #emitter: Emitter;
  readonly #verdicts: Map<string, number>;
  readonly #tables: LaneTables;
  readonly #checkpoints: LaneCheckpoints | undefined;
  #position: number;
  #unacknowledged = 0;
  #lastRecordTimeMs: number | undefined;

  private constructor(
    readonly lane: number,
    private readonly wiring: LaneWiring<State, Message, Emission>,
    private readonly context: PipelineContext,
    private readonly parts: LaneParts<State, Message, Emission>,
  ) {
    const { start, chains } = parts;
    this.state = start.state;
    this.#position = start.position;
    this.#verdicts = new Map(start.verdicts);
    this.#lastRecordTimeMs = start.lastRecordTimeMs;
    this.#emitter = new Emitter(context.log, context.observer);
    this.#tables = new LaneTables(chains, () => this.#cut(), context.limits, context.observer);
    this.#checkpoints = this.#openCheckpoints();
  }

  /**
   * Finds out what there is of the lane and where it goes on. Throws when the lake belongs to another log, was made under
   * other rules, or the log no longer holds what must be processed again.
   */
  static async open<State, Message extends LaneMessage, Emission>(
    wiring: LaneWiring<State, Message, Emission>,
    context: PipelineContext,
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
    if (start.position < range.start) throw new LaneHistoryLostError(inputTopic, lane, start.position, range);
    const parts = { input, output, chains, start, snapshots, topic, replayEnd: range.end };
    return new LaneRunner(lane, wiring, context, parts);
  }

  get position(): number {
    return this.#position;
  }

  /** True while records from before the start are processed again: nothing in them is news. */
  get isReplaying(): boolean {
    return this.#position < this.parts.replayEnd;
  }

  /** True when the lane went on from a snapshot. */
  get isRestored(): boolean {
    return this.parts.start.snapshot !== undefined;
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
    const emitted: Emission[] = [];
    let lastTickUs: number | undefined;
    for (const stretch of this.#stretches(records)) {
      const read = stretch.flatMap((record): LaneRecord<Message>[] => {
        const message = this.parts.input.read(record);
        return message === null ? [] : [{ offset: record.offset, message }];
      });
      lastTickUs = lastTickTime(read) ?? lastTickUs;
      for (const emission of this.#apply(stretch, read)) emitted.push(emission);
    }
    this.#lastRecordTimeMs = records.at(-1)?.timeMs ?? this.#lastRecordTimeMs;
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
      ...this.#tables.status(),
    };
  }

  /** Publishes all rows that wait and leaves a snapshot behind, so that the next owner has nothing to process again. */
  async finish(): Promise<void> {
    await this.#tables.flush();
    await this.#checkpoints?.finish();
  }

  /** Lets go of the lane without publishing or sending anything more. */
  async close(): Promise<void> {
    await this.#tables.drop();
    await this.#checkpoints?.close();
    await this.#emitter.close();
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
    return { next: this.#position, watermark, rules, topic: this.parts.topic, lanes: null };
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

  #apply(stretch: readonly LogRecord[], read: readonly LaneRecord<Message>[]): readonly Emission[] {
    const first = stretch[0];
    const last = stretch.at(-1);
    if (first === undefined || last === undefined) return [];
    const output = this.wiring.layer.apply(this.state, read);
    // Position and rows change together, with nothing awaited between them: a segment may be cut at any other moment.
    this.#position = last.offset + 1;
    this.#tables.add(output.tables, first.offset);
    addVerdicts(this.#verdicts, output.verdicts);
    return output.emitted;
  }

  /** Cuts the records where some table's stored rows end, so that each stretch is either stored or not, per table. */
  *#stretches(records: readonly LogRecord[]): Generator<readonly LogRecord[]> {
    let from = 0;
    for (const boundary of this.#tables.boundaries) {
      const to = records.findIndex((record, at) => at >= from && record.offset >= boundary);
      if (to <= from) continue;
      yield records.slice(from, to);
      from = to;
    }
    yield records.slice(from);
  }
}

async function rangeOf(log: PipelineLog, topic: string, partition: number): Promise<OffsetRange> {
  const range = (await log.offsetRanges(topic))[partition];
  if (range === undefined) throw new Error(`${topic} has no partition ${partition}`);
  return range;
}

function lastTickTime(records: readonly LaneRecord<LaneMessage>[]): number | undefined {
  const message = records.findLast((record) => record.message.kind === 'ticks')?.message;
  return message?.kind === 'ticks' ? message.ticks.recordTimeUs[message.ticks.n - 1] : undefined;
}
