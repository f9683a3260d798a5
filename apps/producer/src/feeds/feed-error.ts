/** The feed cannot be used as configured: the message says what was found and what would do. */
export class InvalidFeedError extends Error {
  override readonly name = 'InvalidFeedError';
  readonly exitCode = 78;
}
