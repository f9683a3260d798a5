import type { Row } from '@engine/oracle';

import { topics } from '../layers/settings.js';
import type { Expected } from '../market/market.js';
import { eventColumns } from './columns.js';
import type { FinalState } from './final-state.js';
import { checkSameRows } from './same-rows.js';

/** Every element of every record once, as it came, with the verdict it must get. */
export function checkBronze({ lake, log, watch }: FinalState): void {
  const partitions = log.topic(topics.stockTicks).partitions.length;
  const actual = Array.from({ length: partitions }, (_, partition) =>
    lake.rows('bronze/events', partition).map((row) => ({ ...row, partition })),
  );
  const expected = watch.putIn.flatMap(({ partition, offset, timeMs, raw, expected: elements }) =>
    elements.map((element, index) => ({
      partition,
      record_offset: offset,
      record_index: index,
      record_time: timeMs * 1_000,
      // The whole record stands with the first of its rows.
      raw: index === 0 ? raw : null,
      ...facts(element),
    })),
  );
  checkSameRows('no-row-lost, no-row-twice (bronze/events)', actual.flat(), expected, eventColumns);
}

function facts(element: Expected): Row {
  const nothing = { event_time: null, price: null, size: null, trade_id: null, source: null };
  if (element.reason !== null) return { verdict: 'invalid', reason: element.reason, ...nothing };
  const { t, price, size, id, source } = element;
  return { verdict: 'accepted', reason: null, event_time: t, price, size, trade_id: id, source };
}
