/** One life of a process: what it has begun waits in the world's queue, and does not happen once it is dead. */
export class SimProcess {
  isDead = false;
  /** Stopped until then, as by SIGSTOP or a long pause of its machine. */
  pausedUntilMs = 0;

  /** `silver-2.1`: the first life of silver's second instance. */
  readonly name: string;

  constructor(
    slot: string,
    /** Counts the lives of the slot from 1. */
    readonly life: number,
  ) {
    this.name = `${slot}.${life}`;
  }
}
