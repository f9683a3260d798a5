import type { Health, HealthCheck } from '@engine/observability';

/** Whether a follower still follows: one that has died shows old figures as if they were of now. */
export class FollowerLife implements HealthCheck {
  #failure: string | undefined;

  /** `what`: whose news it follows; `ended`: rejects when it cannot any more. */
  constructor(
    readonly key: string,
    what: string,
    ended: Promise<void>,
  ) {
    ended.catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#failure = `${what} are not followed any more: ${reason}`;
    });
  }

  check(): Promise<Health> {
    return Promise.resolve(this.#failure === undefined ? { up: true } : { up: false, reason: this.#failure });
  }
}
