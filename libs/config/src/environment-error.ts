/** One thing that is wrong with the environment, and what to do about it. */
export interface EnvironmentProblem {
  readonly variable: string;
  /** As given; null when it is not set, `(hidden)` when it is a secret. */
  readonly value: string | null;
  readonly remedy: string;
}

const describe = ({ variable, value, remedy }: EnvironmentProblem): string =>
  value === null ? `${variable} is not set: ${remedy}` : `${variable}=${value}: ${remedy}`;

/** The environment cannot be used. Carries every problem that was found, and the exit code the process should end with. */
export class InvalidEnvironmentError extends Error {
  override readonly name = 'InvalidEnvironmentError';
  readonly exitCode = 78;

  constructor(readonly problems: readonly EnvironmentProblem[]) {
    super(
      ['The environment cannot be used:', ...problems.map((problem) => `  ${describe(problem)}`)].join('\n'),
    );
  }
}
