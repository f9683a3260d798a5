import type { GroupSession } from './group-session.js';

/**
 * Positions on their way to Kafka as the group's committed offsets. The newest of a partition counts, one request is
 * under way at a time, and what could not be told is told with the next: after the next heartbeat at the latest.
 */
export class PositionReports {
  readonly #untold = new Map<number, number>();
  #telling: Promise<void> | undefined;

  constructor(private readonly session: Pick<GroupSession, 'isMember' | 'isJoining' | 'commit'>) {}

  /** Resolves when it was told, or is to be told after a join under way; rejects when that has failed this time. */
  add(partition: number, offset: number): Promise<void> {
    this.#untold.set(partition, offset);
    return this.tell();
  }

  /** Of partitions that are ours no more nothing is to be told. */
  keepOnly(partitions: readonly number[]): void {
    for (const partition of this.#untold.keys())
      if (!partitions.includes(partition)) this.#untold.delete(partition);
  }

  async tell(): Promise<void> {
    while (this.#telling) await this.#telling.catch(() => undefined);
    const { isMember, isJoining } = this.session;
    if (this.#untold.size === 0 || !isMember || isJoining) return;
    this.#telling = this.#tell(new Map(this.#untold)).finally(() => (this.#telling = undefined));
    await this.#telling;
  }

  async #tell(positions: ReadonlyMap<number, number>): Promise<void> {
    await this.session.commit(positions);
    for (const [partition, offset] of positions)
      if (this.#untold.get(partition) === offset) this.#untold.delete(partition);
  }
}
