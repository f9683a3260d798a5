/**
 * A suite that needs something this machine may not have. `missing` says what; undefined: it is there. Where it is missing
 * the suite is skipped with a line that says so, and red on CI.
 */
export function describeIfPossible(name: string, missing: string | undefined, suite: () => void): void {
  if (missing === undefined) {
    describe(name, suite);
    return;
  }
  if (process.env['CI']) {
    it(name, () => {
      throw new Error(missing);
    });
    return;
  }
  console.warn(`skipped, ${missing}`);
  describe.skip(name, suite);
}
