import type { TopicNames } from '@engine/contracts';
import type { LayerName } from '@engine/medallion';

/** A layer as it is seen from outside: where it reads, and the tables it publishes. */
export interface LayerTables {
  readonly layer: LayerName;
  readonly input: keyof TopicNames;
  readonly tables: readonly string[];
}

export const layerTables: readonly LayerTables[] = [
  { layer: 'bronze', input: 'stockTicks', tables: ['bronze/events'] },
  { layer: 'silver', input: 'bronzeTicks', tables: ['silver/ticks', 'silver/markers', 'silver/windows'] },
  { layer: 'gold', input: 'silverTicks', tables: ['gold/bars', 'gold/metrics'] },
];
