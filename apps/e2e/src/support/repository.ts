import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const repositoryRoot = fileURLToPath(new URL('../../../../', import.meta.url));

/** The command line under test. */
export const engineBin = `${repositoryRoot}apps/cli/bin/engine.mjs`;
