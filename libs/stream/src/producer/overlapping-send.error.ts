import { LogError } from '../ports.js';

/** A second send before the first had ended: if the first failed, the second's records would be in the log without it. */
export class OverlappingSendError extends LogError {
  readonly retriable = false;
  constructor(topic: string) {
    super(`${topic}: a send was started before the one before it had ended`);
  }
}
