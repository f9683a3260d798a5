/** A suite that needs something of the machine: skipped with a line that says what is missing, and red on CI. */
export function describeUnlessMissing(name: string, missing: string | undefined, suite: () => void): void {
  if (missing === undefined) {
    describe(name, suite);
    return;
  }
  const reason = `${missing}: "${name}" cannot run`;
  if (process.env['CI']) {
    it(name, () => {
      throw new Error(reason);
    });
    return;
  }
  console.warn(`skipped, ${reason}`);
  describe.skip(name, suite);
}
