import { readApp } from './app-config.js';
import type { AppConfig } from './app-config.js';
import { deepFreeze } from './deep-freeze.js';
import { FeedEnv } from './env/feed.env.js';
import { EnvironmentReader } from './read-env.js';
import type { Environment } from './read-env.js';
import { readRules } from './rules-config.js';

export interface SyntheticFeedConfig {
  readonly kind: 'synthetic';
  readonly symbols: readonly string[];
  /** Ticks per second, of all symbols together. */
  readonly rate: number;
  readonly seed: number;
}

export interface FileFeedConfig {
  readonly kind: 'file';
  /** A file or folder. */
  readonly path: string;
  /** `auto`, or a format's name. */
  readonly format: string;
  /** A factor on the ticks' own pace, or as fast as they are taken. */
  readonly speed: number | 'max';
}

export type FeedConfig = SyntheticFeedConfig | FileFeedConfig | { readonly kind: 'none' };

export interface ProducerConfig extends AppConfig {
  readonly app: 'producer';
  readonly feed: FeedConfig;
  /** As silver has it: for a word of warning. */
  readonly allowedLatenessUs: number;
}

function readFeed(reader: EnvironmentReader): FeedConfig {
  const env = reader.read(FeedEnv);
  if (env.FEED === 'synthetic')
    return { kind: 'synthetic', symbols: env.FEED_SYMBOLS, rate: env.FEED_RATE, seed: env.FEED_SEED };
  if (env.FEED === 'file')
    return { kind: 'file', path: env.FEED_FILE ?? '', format: env.FEED_FORMAT, speed: env.FEED_SPEED };
  return { kind: 'none' };
}

/** The producer's whole configuration, or `InvalidEnvironmentError` with every problem. */
export function readProducerConfig(env: Environment): ProducerConfig {
  const reader = new EnvironmentReader(env);
  const config = {
    ...readApp(reader, 'producer'),
    app: 'producer' as const,
    feed: readFeed(reader),
    allowedLatenessUs: readRules(reader).allowedLatenessUs,
  };
  reader.assertValid();
  return deepFreeze(config);
}
