export interface Readiness {
  readonly up: boolean;
  /** Why not, for whoever reads the 503. */
  readonly reason?: string;
}

/** Something without which the app cannot do its work. */
export interface ReadinessCheck {
  /** Its name in the answer. */
  readonly key: string;
  check(): Promise<Readiness>;
}
