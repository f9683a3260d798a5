import type { LayerConfig } from '@engine/config';

/** `warn`: it works, but not as well as it could, or not for long. `fail`: the engine cannot run like this. */
export type Outcome = 'ok' | 'warn' | 'fail';

/** What a check has found. */
export interface Finding {
  readonly what: string;
  readonly outcome: Outcome;
  readonly detail: string;
  /** What to do about it; of what is in order there is none. */
  readonly remedy?: string;
}

/** What the checks look at. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly dataDir: string;
  readonly lakeDir: string;
  /** Null where the environment cannot be used: then there is a finding that says why. */
  readonly config: LayerConfig | null;
}

export type Check = (surroundings: Surroundings) => Promise<readonly Finding[]> | readonly Finding[];
