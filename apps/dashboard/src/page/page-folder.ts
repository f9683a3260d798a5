import { fileURLToPath } from 'node:url';

/** Where the built web page lies. */
export abstract class PageFolder {
  abstract readonly path: string;
}

/** `apps/web/dist`, beside this app: the same from `src` and from `dist`. */
export class BuiltPageFolder extends PageFolder {
  readonly path = fileURLToPath(new URL('../../../web/dist', import.meta.url));
}
