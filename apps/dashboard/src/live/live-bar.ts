import type { BarUpdate, BasedOn } from '@engine/medallion';

/** Is the one based on the same row of the lane as the other, or on a later one? */
export const isAtLeastAsNew = (one: BasedOn, other: BasedOn): boolean =>
  one.lane_offset === other.lane_offset
    ? one.lane_index >= other.lane_index
    : one.lane_offset > other.lane_offset;

/** What the updates say of one bar: how it stands, and the revisions that were published. */
export class LiveBar {
  provisional: BarUpdate | undefined;
  readonly published = new Map<number, BarUpdate>();

  constructor(
    readonly symbol: string,
    readonly interval: string,
    readonly start: number,
    readonly lane: number,
  ) {}

  get isEmpty(): boolean {
    return this.provisional === undefined && this.published.size === 0;
  }

  /** Updates may come twice, and late from before a crash: what is not newer changes nothing. */
  apply(update: BarUpdate): void {
    if (update.state === 'provisional') this.#applyProvisional(update);
    else this.#applyPublished(update);
  }

  /** Lets go of revisions that were published before the lane's clock stood at `watermarkUs`. */
  forgetBefore(watermarkUs: number): void {
    for (const [revision, { closed_at }] of this.published)
      if (closed_at !== null && closed_at < watermarkUs) this.published.delete(revision);
  }

  #applyProvisional(update: BarUpdate): void {
    const isPublished = [...this.published.keys()].some((revision) => revision >= update.revision);
    const isNews = this.provisional === undefined || isAtLeastAsNew(update, this.provisional);
    if (!isPublished && isNews) this.provisional = update;
  }

  #applyPublished(update: BarUpdate): void {
    this.published.set(update.revision, update);
    if (this.provisional !== undefined && this.provisional.revision <= update.revision)
      this.provisional = undefined;
  }
}
