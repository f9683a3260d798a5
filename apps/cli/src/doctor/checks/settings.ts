import {
  InvalidEnvironmentError,
  readDashboardConfig,
  readLayerConfig,
  readProducerConfig,
} from '@engine/config';
import type { Environment, EnvironmentProblem } from '@engine/config';

import type { Check } from '../finding.js';

const readers: readonly ((env: Environment) => unknown)[] = [
  (env) => readLayerConfig(env, 'silver'),
  readProducerConfig,
  readDashboardConfig,
];

/** Every problem that some app would have with the environment, each once. */
export const checkSettings: Check = ({ env, dataDir }) => {
  const problems = new Map<string, EnvironmentProblem>();
  for (const read of readers)
    for (const problem of problemsOf(() => read({ ...env, DATA_DIR: dataDir })))
      problems.set(`${problem.variable}: ${problem.remedy}`, problem);
  if (problems.size === 0) return [{ what: 'Settings', outcome: 'ok', detail: 'the environment is valid' }];
  return [...problems.values()].map(({ variable, value, remedy }) => ({
    what: 'Settings',
    outcome: 'fail',
    detail: value === null ? `${variable} is not set` : `${variable}=${value}`,
    remedy,
  }));
};

function problemsOf(read: () => unknown): readonly EnvironmentProblem[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) return error.problems;
    throw error;
  }
}
