import { createHash } from 'node:crypto';

import { laneOf } from '@engine/medallion';
import type { OutgoingRecord } from '@engine/stream';

import { candidatesOf, withId } from './candidate.js';
import type { Candidate } from './candidate.js';
import type { Outlook } from './outlook.js';
import type { DeadLetter } from './refused-rows.js';

/** How dead letters are sent again. */
export interface ReplayOptions {
  /** Of `stock-ticks`. */
  readonly partitions: number;
  readonly outlook: Pick<Outlook, 'refusalOf'>;
  /** Whether what would be refused again is sent all the same. */
  readonly force: boolean;
  /** Whether a tick without an id gets one; where equal content is a duplicate there is no need. */
  readonly giveIds: boolean;
  readonly send: (records: readonly OutgoingRecord[]) => Promise<void>;
}

/** Why something was not sent, beside the reasons for which it would be refused again. */
export const EXPIRED = 'expired';
export const REPEATED = 'repeated';

export interface ReplayCounts {
  /** Dead letters that were looked at. */
  chosen: number;
  /** Records that are in the log for certain: a message that is split becomes several. */
  sent: number;
  readonly leftOut: Map<string, number>;
}

/** Below what a broker takes in one request by default (1 MiB). */
const MAX_BYTES = 768 * 1024;
const MAX_RECORDS = 1_000;

/** Sends dead letters to `stock-ticks` again, one batch after the other. `counts` is right also where a send has failed. */
export async function replay(
  letters: AsyncIterable<DeadLetter>,
  options: ReplayOptions,
  counts: ReplayCounts,
): Promise<void> {
  const batch = new Batch(options.send, counts);
  const seen = new Set<string>();
  for await (const letter of letters) {
    counts.chosen++;
    if (letter.record === undefined) leaveOut(counts, EXPIRED);
    for (const [at, candidate] of candidatesOf(letter).entries()) {
      const obstacle = obstacleTo(candidate, letter, options.outlook);
      if (obstacle !== null && !options.force) {
        leaveOut(counts, obstacle);
        continue;
      }
      const record = toRecord(candidate, { letter, at }, options);
      if (isRepeated(record, seen)) leaveOut(counts, REPEATED);
      else await batch.add(record);
    }
  }
  await batch.flush();
}

const obstacleTo = ({ tick, reason }: Candidate, letter: DeadLetter, outlook: ReplayOptions['outlook']) =>
  tick === null ? reason : outlook.refusalOf(tick, letter.reason);

function leaveOut({ leftOut }: ReplayCounts, reason: string): void {
  leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
}

/** A tick goes where its symbol's others go; `at`: which one of the letter's candidates it is. */
function toRecord(
  { value, tick }: Candidate,
  { letter, at }: { readonly letter: DeadLetter; readonly at: number },
  { partitions, giveIds }: ReplayOptions,
): OutgoingRecord {
  const { partition, offset, index, record } = letter;
  if (tick === null) return { partition: partition % partitions, key: record?.key ?? null, value };
  // The same whenever it is sent, so that it is taken once.
  const id = `replay:${partition}:${offset}:${index + at}`;
  return {
    partition: laneOf(tick.symbol, partitions),
    key: tick.symbol,
    value: giveIds && tick.tradeId === null ? withId(value, id) : value,
  };
}

/** What was replayed in vain is a dead letter itself, beside the one it was made of: one of them is enough. */
function isRepeated({ value }: OutgoingRecord, seen: Set<string>): boolean {
  if (value === null) return false;
  const digest = createHash('md5').update(value).digest('base64');
  if (seen.has(digest)) return true;
  seen.add(digest);
  return false;
}

class Batch {
  #records: OutgoingRecord[] = [];
  #bytes = 0;

  constructor(
    private readonly send: ReplayOptions['send'],
    private readonly counts: ReplayCounts,
  ) {}

  async add(record: OutgoingRecord): Promise<void> {
    const bytes = record.value?.length ?? 0;
    if (this.#records.length === MAX_RECORDS || this.#bytes + bytes > MAX_BYTES) await this.flush();
    this.#records.push(record);
    this.#bytes += bytes;
  }

  async flush(): Promise<void> {
    if (this.#records.length === 0) return;
    await this.send(this.#records);
    this.counts.sent += this.#records.length;
    this.#records = [];
    this.#bytes = 0;
  }
}
