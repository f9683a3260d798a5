import { runSeed } from './run-seed.js';

/** How many worlds there are in all; `SIM_SEEDS=100 npx jest` draws fewer. */
const SEEDS = Number(process.env['SIM_SEEDS'] ?? 1_000);
const SHOWN = 60;

/** Runs every `of`-th seed, from the `first` on. */
export function describeSeeds(first: number, of: number): void {
  it(`every promise holds in every world drawn from a seed (${first}, ${first + of}, ... ${SEEDS})`, async () => {
    for (let seed = first; seed <= SEEDS; seed += of) {
      const { violation, trace } = await runSeed(seed);
      if (violation === undefined) continue;
      const happened = trace().slice(-SHOWN).join('\n');
      throw new Error(
        `${happened}\n\nseed ${seed}: ${violation.message}\nnpm run sim -- --seed ${seed} --trace`,
      );
    }
  }, 1_800_000);
}
