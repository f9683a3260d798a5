import type {
  LaneReport,
  Latency,
  LayerLedger,
  LayerReport,
  PipelineReport,
  ReportedSegment,
} from '@engine/contracts/api';
import { count, countsByName, figure, flag, listOf, object, oneOf, orNull, text, time } from './schema.js';

const layer = oneOf('bronze', 'silver', 'gold');

const segment = object<ReportedSegment>({ table: text, first: count, next: count, rows: count, at: time });

const lane = object<LaneReport>({
  layer,
  lane: count,
  topic: text,
  inputEnd: count,
  position: count,
  lag: count,
  processed: count,
  pending: count,
  lagSeconds: figure,
  watermark: orNull(time),
  freshnessSeconds: orNull(figure),
  verdicts: countsByName,
  lastSegment: orNull(segment),
});

const ledger = object<LayerLedger>({
  in: count,
  accepted: count,
  refused: countsByName,
  inFlight: count,
  checked: count,
  balanced: orNull(flag),
});

const layerReport = object<LayerReport>({
  layer,
  state: oneOf('waiting', 'current', 'behind', 'stalled'),
  reason: text,
  pending: count,
  lag: count,
  lagSeconds: figure,
  recordsPerSecond: orNull(figure),
  latency: orNull(object<Latency>({ p50Ms: figure, p99Ms: figure, samples: count })),
  ledger: orNull(ledger),
});

export const pipelineSchema = object<PipelineReport>({
  at: time,
  ticksPerSecond: figure,
  balanced: orNull(flag),
  layers: listOf(layerReport),
  items: listOf(lane),
  next: orNull(text),
});
