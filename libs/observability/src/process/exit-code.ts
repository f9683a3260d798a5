/** Exit codes of every process: done, a check failed, wrong usage, a bug, try again, configuration. */
export const ExitCode = { done: 0, failed: 1, usage: 2, bug: 70, tryAgain: 75, configuration: 78 } as const;

const ownExitCode = (error: unknown): number | undefined =>
  error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number'
    ? error.exitCode
    : undefined;

/** What an error ends the process with: its own `exitCode` where it has one, else that of a bug. */
export const exitCodeOf = (error: unknown): number => ownExitCode(error) ?? ExitCode.bug;

/** What is said of the error that ended the process: its message where it was foreseen, else its stack too. */
export const describeFatal = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return ownExitCode(error) === undefined ? (error.stack ?? error.message) : error.message;
};
