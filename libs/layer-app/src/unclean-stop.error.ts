/** The app stopped before all rows were published. Nothing is lost: they come again from the log. */
export class UncleanStopError extends Error {
  /** Try again. */
  readonly exitCode = 75;
  override readonly name = 'UncleanStopError';
  constructor(app: string, reasons: readonly string[]) {
    super(
      `${app} stopped before all rows were published (${reasons.join('; ')}). ` +
        'Nothing is lost: they come again from the log at the next start.',
    );
  }
}
