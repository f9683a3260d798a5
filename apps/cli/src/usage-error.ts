/** The command line was not understood: exit code 2. */
export class UsageError extends Error {
  readonly exitCode = 2;
  override readonly name = 'UsageError';
}

/** A failure that the user can do something about, with the exit code that says of what kind it is. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  constructor(
    message: string,
    readonly exitCode: 1 | 70 | 75 | 78,
  ) {
    super(message);
  }
}
