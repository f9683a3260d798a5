import { setFlagsFromString } from 'node:v8';

/** How much the old objects may grow, percent of those that lived at the last collection, before they are collected again. */
const GROWTH_PERCENT = 30;

/**
 * Left alone V8 lets the heap grow to several times what is alive before it looks for garbage, all the more the more memory the
 * machine has: working off a backlog bronze then has 270 MiB of anonymous memory instead of 180. No limit, other than
 * `--max-old-space-size`: a state that needs more gets it.
 */
export function limitHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
