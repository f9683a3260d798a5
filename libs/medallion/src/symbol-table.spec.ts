import fc from 'fast-check';

import { SymbolTable } from './symbol-table.js';

const DAY = 86_400e6;

describe('SymbolTable', () => {
  it('has room again when the first of its symbols has been silent for a day and the lateness', () => {
    const table = new SymbolTable<{ newestUs: number }>({ maxSymbols: 2, allowedLatenessUs: 5 });
    const gone: string[] = [];
    const letGo = (symbol: string): void => void gone.push(symbol);
    table.admit('A', { newestUs: 10 }, 10, letGo);
    table.admit('B', { newestUs: 20 }, 20, letGo);
    expect([table.hasRoom(DAY + 14), table.hasRoom(DAY + 15)]).toEqual([false, true]);
    table.admit('C', { newestUs: DAY + 15 }, DAY + 15, letGo);
    expect([gone, table.size, table.horizonUs]).toEqual([['A'], 2, DAY + 10]);
    expect([table.get('A'), table.get('B')]).toEqual([undefined, { newestUs: 20 }]);
  });

  it('knows a newcomer that is older than all others', () => {
    const table = new SymbolTable<{ newestUs: number }>({ maxSymbols: 1, allowedLatenessUs: 0 });
    const ignore = (): void => undefined;
    table.admit('A', { newestUs: 0 }, 0, ignore);
    expect([table.hasRoom(DAY - 1), table.hasRoom(DAY)]).toEqual([false, true]);
    table.admit('B', { newestUs: DAY / 2 }, DAY, ignore);
    expect(table.hasRoom(1.25 * DAY)).toBe(false);
    expect(table.hasRoom(1.5 * DAY)).toBe(true);
    table.admit('C', { newestUs: 0.1 * DAY }, 1.5 * DAY, ignore);
    expect(table.hasRoom(1.5 * DAY)).toBe(true);
  });

  it('equals a plain list of symbols, whatever snapshots it goes on from', () => {
    const steps = fc.array(
      fc.tuple(fc.constantFrom('A', 'B', 'C', 'D', 'E'), fc.integer({ min: -8, max: 30 })),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const newTable = (): SymbolTable<{ symbol: string; newestUs: number }> =>
          new SymbolTable({ maxSymbols: 3, allowedLatenessUs: 0 });
        let table = newTable();
        const list = new Map<string, number>();
        let clock = 0;
        for (const [symbol, hours] of all) {
          if (hours % 3 === 0) {
            const states = [...table.values()];
            table = newTable().restore(
              table.snapshot(),
              states.map((state) => [state.symbol, state]),
            );
          }
          const time = clock + (hours * DAY) / 24;
          const silent = [...list].filter(([, newest]) => newest + DAY <= clock).map(([name]) => name);
          const known = table.get(symbol);
          expect(known?.newestUs).toBe(list.get(symbol));
          expect(table.hasRoom(clock)).toBe(list.size < 3 || silent.length > 0);
          if (known !== undefined) known.newestUs = Math.max(known.newestUs, time);
          else if (!table.hasRoom(clock)) continue;
          else {
            const gone: string[] = [];
            if (list.size >= 3) for (const name of silent) list.delete(name);
            const expected = list.size < table.size ? silent : [];
            table.admit(symbol, { symbol, newestUs: time }, clock, (name) => void gone.push(name));
            expect(gone).toEqual(expected);
          }
          list.set(symbol, Math.max(list.get(symbol) ?? -Infinity, time));
          clock = Math.max(clock, time);
        }
      }),
    );
  });
});
