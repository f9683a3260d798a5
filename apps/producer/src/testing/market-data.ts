import { join } from 'node:path';

const folder = process.env['MARKET_DATA_DIR'];

/** A file of the real data. */
export const marketData = (path: string): string => join(folder ?? '', path);

/** Tests on real data: skipped with a line where `MARKET_DATA_DIR` is unset, but failed in CI. */
export function describeWithData(name: string, tests: () => void): void {
  if (folder !== undefined && folder !== '') describe(name, tests);
  else if (process.env['CI'] === undefined || process.env['CI'] === '')
    describe.skip(`${name} (MARKET_DATA_DIR is not set)`, tests);
  else
    describe(name, () => {
      it('has real data', () => {
        throw new Error('MARKET_DATA_DIR is not set');
      });
    });
}
