export interface Health {
  readonly up: boolean;
  /** Why not, for whoever reads the 503. */
  readonly reason?: string;
  /** What there is to say although it is up. */
  readonly note?: string;
}

/** Something without which the app cannot do its work, or without which a restart is the only remedy. */
export interface HealthCheck {
  /** Its name in the answer. */
  readonly key: string;
  check(): Promise<Health>;
}
