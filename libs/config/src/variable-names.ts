import { DashboardEnv } from './env/dashboard.env.js';
import { FeedEnv } from './env/feed.env.js';
import { KafkaEnv } from './env/kafka.env.js';
import { LogEnv } from './env/log.env.js';
import { RulesEnv } from './env/rules.env.js';
import { SegmentsEnv } from './env/segments.env.js';

/** Every variable that some app reads, sorted: what else stands in a manifest has no effect. */
export const variableNames: readonly string[] = [
  ...new Set(
    // A declared variable is a property of its shape, with a default or without.
    [LogEnv, KafkaEnv, SegmentsEnv, RulesEnv, FeedEnv, DashboardEnv].flatMap((Shape) =>
      Object.keys(new Shape()),
    ),
  ),
].sort();
