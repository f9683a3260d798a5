import { compareCoordinates } from '@engine/contracts';
import type { Coordinate } from '@engine/contracts';
import type { LaneRecord } from '@engine/medallion';

import type { LanePast } from './lane-io.js';

/** Records that lie between two marks: `upTo` is the upper one, null above all of them. */
export interface MarkedPart<Message> {
  readonly upTo: Coordinate | null;
  readonly records: readonly LaneRecord<Message>[];
}

/**
 * Cuts a lane's records where some table's stored rows end, so that what follows from a part is either stored or not, table
 * by table. Behind the last mark there is nothing to cut any more.
 */
export class StoredMarks<Message> {
  #ahead: readonly Coordinate[];

  constructor(
    marks: readonly (Coordinate | null)[],
    private readonly past: Pick<LanePast<Message>, 'split'>,
  ) {
    this.#ahead = marks.filter((mark) => mark !== null).sort(compareCoordinates);
  }

  parts(records: readonly LaneRecord<Message>[]): readonly MarkedPart<Message>[] {
    const parts: MarkedPart<Message>[] = [];
    let rest = records;
    for (const mark of this.#ahead) {
      const halves = rest.map((record) => this.past.split(record, mark));
      parts.push({ upTo: mark, records: halves.flatMap(({ upTo }) => upTo ?? []) });
      rest = halves.flatMap(({ above }) => above ?? []);
    }
    if (rest.length > 0) this.#ahead = [];
    return [...parts, { upTo: null, records: rest }].filter((part) => part.records.length > 0);
  }
}
