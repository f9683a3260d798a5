import type { InspectedChain, LakeInspector, WalkedSegment } from '@engine/lake';
import {
  bronzeEvents,
  goldBars,
  goldMetrics,
  silverMarkers,
  silverTicks,
  silverWindows,
} from '@engine/medallion';
import type { GoldSettings, LayerName, SilverSettings, TableSchema } from '@engine/medallion';
import { Ledger } from './ledger.js';

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

/** The lake as it was at the start, what is known of it, and what has been counted. */
export class VerifyContext {
  readonly ledger = new Ledger();
  /** Files that could not be read to their end. */
  readonly unreadable = new Set<string>();

  private constructor(
    readonly lake: LakeInspector,
    readonly settings: VerifySettings,
    readonly layers: readonly LayerName[],
    private readonly chains: ReadonlyMap<string, ReadonlyMap<number, InspectedChain>>,
  ) {}

  static async open(
    lake: LakeInspector,
    settings: VerifySettings,
    layers: readonly LayerName[],
  ): Promise<VerifyContext> {
    const chains = new Map<string, ReadonlyMap<number, InspectedChain>>();
    // Against the stream: what gold has of a running engine, silver has a moment later all the more.
    for (const table of [...layerTables.gold, ...layerTables.silver, ...layerTables.bronze])
      chains.set(table.name, await inspectAll(lake, table));
    return new VerifyContext(lake, settings, layers, chains);
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

async function inspectAll(
  lake: LakeInspector,
  table: TableSchema,
): Promise<ReadonlyMap<number, InspectedChain>> {
  const chains = new Map<number, InspectedChain>();
  for (const number of await lake.lanes(table)) chains.set(number, await lake.inspect(table, number));
  return chains;
}
