import { readApp } from './app-config.js';
import type { AppConfig, LayerName } from './app-config.js';
import { deepFreeze } from './deep-freeze.js';
import { SegmentsEnv } from './env/segments.env.js';
import { EnvironmentReader } from './read-env.js';
import type { Environment } from './read-env.js';
import { readRules } from './rules-config.js';
import type { RulesConfig } from './rules-config.js';

export interface SegmentsConfig {
  readonly maxRows: number;
  readonly maxMs: number;
  readonly snapshotMs: number;
  readonly compact: boolean;
  /** Age, from the compacted file's link, before covered files go. */
  readonly compactGraceMs: number;
  /** Whether tables have a Delta log. */
  readonly deltaLog: boolean;
  /** Age in ms before a layer's rows go; null: kept. */
  readonly retentionMs: Readonly<Record<LayerName, number | null>>;
}

export interface LayerConfig extends AppConfig {
  readonly app: LayerName;
  readonly segments: SegmentsConfig;
  readonly rules: RulesConfig;
}

function readSegments(reader: EnvironmentReader): SegmentsConfig {
  const env = reader.read(SegmentsEnv);
  return {
    maxRows: env.SEGMENT_MAX_ROWS,
    maxMs: env.SEGMENT_MAX_MS,
    snapshotMs: env.SNAPSHOT_MS,
    compact: env.COMPACT === 'on',
    compactGraceMs: env.COMPACT_GRACE_MS,
    deltaLog: env.DELTA_LOG === 'on',
    retentionMs: { bronze: env.RETENTION_BRONZE, silver: env.RETENTION_SILVER, gold: env.RETENTION_GOLD },
  };
}

/** The whole configuration of a layer's app, or `InvalidEnvironmentError` with every problem. */
export function readLayerConfig(env: Environment, layer: LayerName): LayerConfig {
  const reader = new EnvironmentReader(env);
  const config = {
    ...readApp(reader, layer),
    app: layer,
    segments: readSegments(reader),
    rules: readRules(reader),
  };
  reader.assertValid();
  return deepFreeze(config);
}
