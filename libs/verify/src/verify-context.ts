import type { GenerationFacts, InspectedChain, LakeInspector, WalkedSegment } from '@engine/lake';
import {
  bronzeEvents,
  goldBars,
  goldMetrics,
  silverMarkers,
  silverTicks,
  silverWindows,
} from '@engine/medallion';
import type { GoldSettings, LayerName, SilverSettings, TableSchema } from '@engine/medallion';
import { parseBarInterval } from '@engine/window';
import type { BarInterval } from '@engine/window';
import type { Finding } from './finding.js';
import { Ledger } from './ledger.js';
import { inThisThread } from './parts/part.js';
import type { Part, PartResult, PartRunner } from './parts/part.js';
import type { RowReader } from './rows/watched-rows.js';

export interface VerifySettings {
  readonly silver: SilverSettings;
  readonly gold: GoldSettings;
  /** The version of rules and settings that these are: stretches of others are named, not judged. */
  readonly rules: string;
  /** Partitions of the internal topics; undefined: as many as silver has lanes in the lake. */
  readonly lanes: number | undefined;
  /** Whether every offset of `stock-ticks` is a record: true with the embedded log, not always with Kafka. */
  readonly offsetsAreDense: boolean;
}

export const layerTables: Readonly<Record<LayerName, readonly TableSchema[]>> = {
  bronze: [bronzeEvents],
  silver: [silverTicks, silverMarkers, silverWindows],
  gold: [goldBars, goldMetrics],
};

const DEFAULT_LANES = 4;

/** What a context is made of, but for the lake: plain data, to be sent to other threads. */
export interface ContextFacts {
  readonly settings: VerifySettings;
  readonly layers: readonly LayerName[];
  readonly chains: ReadonlyMap<string, ReadonlyMap<number, InspectedChain>>;
  readonly unreadable: ReadonlySet<string>;
  readonly eventTime: GenerationFacts['eventTime'];
}

/** The lake as it was at the start, what is known of it, and what has been counted. */
export class VerifyContext {
  readonly ledger = new Ledger();
  /** Files that could not be read to their end. */
  readonly unreadable = new Set<string>();
  /** What parts read rows by. */
  rows: RowReader;

  private constructor(
    readonly lake: LakeInspector,
    readonly settings: VerifySettings,
    readonly layers: readonly LayerName[],
    private readonly chains: ReadonlyMap<string, ReadonlyMap<number, InspectedChain>>,
    private readonly parts: PartRunner,
    /** What of silver is in the order of event time. */
    readonly eventTime: GenerationFacts['eventTime'],
  ) {
    this.rows = lake;
  }

  static async open(
    lake: LakeInspector,
    settings: VerifySettings,
    layers: readonly LayerName[],
    parts: PartRunner,
  ): Promise<VerifyContext> {
    const chains = new Map<string, ReadonlyMap<number, InspectedChain>>();
    // Against the stream: what gold has of a running engine, silver has a moment later all the more.
    for (const table of [...layerTables.gold, ...layerTables.silver, ...layerTables.bronze])
      chains.set(table.name, await inspectAll(lake, table));
    const { eventTime } = await lake.generation('silver');
    return new VerifyContext(lake, settings, layers, chains, parts, eventTime);
  }

  /** The context that the facts were taken from, in another thread. */
  static of(lake: LakeInspector, facts: ContextFacts): VerifyContext {
    const { settings, layers, chains, eventTime } = facts;
    const context = new VerifyContext(lake, revived(settings), layers, chains, inThisThread, eventTime);
    for (const path of facts.unreadable) context.unreadable.add(path);
    return context;
  }

  facts(): ContextFacts {
    const { settings, layers, chains, unreadable, eventTime } = this;
    return { settings, layers, chains, unreadable, eventTime };
  }

  /** The same, whose parts read rows by another reader. */
  reading(rows: RowReader): VerifyContext {
    const context = VerifyContext.of(this.lake, this.facts());
    context.rows = rows;
    return context;
  }

  /** Does the parts, wherever there is a processor for them. */
  results(parts: readonly Part[]): AsyncIterable<PartResult> {
    return this.parts.run(this, parts);
  }

  /** Does the parts and counts what they counted. */
  async *inParts(parts: readonly Part[]): AsyncGenerator<Finding> {
    for await (const result of this.results(parts)) yield* this.take(result);
  }

  take({ findings, ledger }: PartResult): readonly Finding[] {
    for (const line of ledger) this.ledger.add(line);
    return findings;
  }

  /** The chains of all tables that are looked at. */
  get allChains(): readonly InspectedChain[] {
    return this.layers.flatMap((layer) => layerTables[layer]).flatMap((table) => this.chainsOf(table));
  }

  /** A table's chains by lane, ascending. */
  chainsOf(table: TableSchema): readonly InspectedChain[] {
    return [...(this.chains.get(table.name)?.values() ?? [])];
  }

  /** undefined: the table has no such lane. */
  chain(table: TableSchema, lane: number): InspectedChain | undefined {
    return this.chains.get(table.name)?.get(lane);
  }

  /** A chain's segments up to the first that cannot be read. */
  readable(table: TableSchema, lane: number): readonly WalkedSegment[] {
    const segments = this.chain(table, lane)?.walk.segments ?? [];
    const end = segments.findIndex(({ path }) => this.unreadable.has(path));
    return end < 0 ? segments : segments.slice(0, end);
  }

  get lanes(): number {
    return this.settings.lanes ?? (this.chainsOf(silverTicks).length || DEFAULT_LANES);
  }

  isOwn({ footer }: WalkedSegment): boolean {
    return footer.rules === this.settings.rules;
  }
}

/** Intervals lose their methods on the way to another thread. */
function revived({ silver, gold, ...rest }: VerifySettings): VerifySettings {
  const revive = <S extends { readonly barIntervals: readonly BarInterval[] }>(layer: S): S => ({
    ...layer,
    barIntervals: layer.barIntervals.map(({ name }) => parseBarInterval(name)),
  });
  return { ...rest, silver: revive(silver), gold: revive(gold) };
}

async function inspectAll(
  lake: LakeInspector,
  table: TableSchema,
): Promise<ReadonlyMap<number, InspectedChain>> {
  const chains = new Map<number, InspectedChain>();
  for (const number of await lake.lanes(table)) chains.set(number, await lake.inspect(table, number));
  return chains;
}
