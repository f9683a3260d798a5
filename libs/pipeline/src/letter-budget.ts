import { MAX_DEAD_LETTER_BYTES } from '@engine/contracts';

/** What the letters of one record may carry of it together: 1 MiB. */
const MAX_BYTES_PER_RECORD = 1_048_576;

interface Refused {
  readonly partition: number;
  readonly offset: number;
  readonly value: Uint8Array | null;
}

/**
 * How much of the original each dead letter may carry. Every refused element of an array names the whole message, so an array of
 * 10,000 bad elements would otherwise become hundreds of megabytes; beyond the budget letters come without it, marked as truncated.
 */
export class LetterBudget {
  #record = '';
  #spent = 0;

  /** To be asked for the letters of a record one after the other. */
  bytesFor({ partition, offset, value }: Refused): number {
    const record = `${partition}/${offset}`;
    if (record !== this.#record) {
      this.#record = record;
      this.#spent = 0;
    }
    const carried = Math.min(value?.length ?? 0, MAX_DEAD_LETTER_BYTES);
    if (this.#spent + carried > MAX_BYTES_PER_RECORD) return 0;
    this.#spent += carried;
    return MAX_DEAD_LETTER_BYTES;
  }
}
