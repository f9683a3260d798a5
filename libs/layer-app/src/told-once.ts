import type { LoggerService } from '@nestjs/common';

import { messageOf } from './troubles.js';

/** Warns of what fails, again and again for the same reason, once for as long as that lasts. */
export class ToldOnce {
  readonly #reasons = new Map<string, string>();

  constructor(private readonly logger: LoggerService) {}

  failed(what: string, error: unknown, warning: (reason: string) => string): void {
    const reason = messageOf(error);
    if (this.#reasons.get(what) === reason) return;
    this.#reasons.set(what, reason);
    this.logger.warn(warning(reason));
  }

  /** It works, or is nobody's business here any more. */
  settled(what: string): void {
    this.#reasons.delete(what);
  }
}
