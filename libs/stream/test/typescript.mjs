import { register } from 'node:module';

/** `node --import` this to run the sources as they are, without a build. */
register('./typescript-hooks.mjs', import.meta.url);
