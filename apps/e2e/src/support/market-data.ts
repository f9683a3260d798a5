import { join } from 'node:path';

/** The folder of the real data, or undefined when this machine has none. */
const folder = process.env['MARKET_DATA_DIR'] || undefined;

/** A file of the real data. */
export function marketData(path: string): string {
  if (folder === undefined) throw new Error('MARKET_DATA_DIR is not set: there is no real data');
  return join(folder, path);
}

/** A suite over real data: skipped with a line that says why where there is none, and red on CI. */
export function describeWithMarketData(name: string, suite: () => void): void {
  if (folder !== undefined) {
    describe(name, suite);
    return;
  }
  const missing = `MARKET_DATA_DIR is not set: "${name}" needs real market data`;
  if (process.env['CI']) {
    it(name, () => {
      throw new Error(missing);
    });
    return;
  }
  console.warn(`skipped, ${missing}`);
  describe.skip(name, suite);
}
