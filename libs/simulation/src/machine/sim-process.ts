/** One life of a process: what it has begun waits in the world's queue, and does not happen once it is dead. */
export class SimProcess {
  isDead = false;
  /** Stopped until then, as by SIGSTOP or a long pause of its machine. */
  pausedUntilMs = 0;

  constructor(
    /** `silver-2`: the second instance of silver. */
    readonly slot: string,
    /** Counts the lives of the slot from 1. */
    readonly life: number,
  ) {}

  get name(): string {
    return `${this.slot}.${this.life}`;
  }
}
