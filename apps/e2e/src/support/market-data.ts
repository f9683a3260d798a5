import { join } from 'node:path';
import { describeIfPossible } from './describe-if-possible.js';

/** The folder of the real data, or undefined when this machine has none. */
const folder = process.env['MARKET_DATA_DIR'] || undefined;

/** A file of the real data. */
export function marketData(path: string): string {
  if (folder === undefined) throw new Error('MARKET_DATA_DIR is not set: there is no real data');
  return join(folder, path);
}

/** A suite over real data: skipped with a line that says why where there is none, and red on CI. */
export function describeWithMarketData(name: string, suite: () => void): void {
  const missing = `MARKET_DATA_DIR is not set: "${name}" needs real market data`;
  describeIfPossible(name, folder === undefined ? missing : undefined, suite);
}
