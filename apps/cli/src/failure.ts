/** 70, a bug, where the error does not say of what kind it is. */
export function exitCodeOf(error: unknown): number {
  return error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number'
    ? error.exitCode
    : 70;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A bug shows its trace; what a user can mend is said in a sentence. */
export const textOf = (error: unknown): string =>
  error instanceof Error && exitCodeOf(error) === 70 ? (error.stack ?? error.message) : messageOf(error);
