import { ChainMovedError, ChainStore } from '@engine/lake/ports';
import type { Chain, SegmentDraft, SegmentFooter } from '@engine/lake/ports';
import type { TableSchema } from '@engine/medallion';
import { LogError } from '@engine/stream/ports';
import type { Log, LogProducer, OutgoingRecord } from '@engine/stream/ports';
import type { MemoryLog } from '@engine/stream/testing';

/** What a process that was killed would have gone on to do does not happen. */
class KilledError extends LogError {
  readonly retriable = false;
}

/** One life of a process: all it does to log and lake ends the moment it is killed. */
export class Life {
  #sendsLeft = Infinity;
  #lands: (record: OutgoingRecord) => boolean = () => false;
  isOver = false;

  kill(): void {
    this.isOver = true;
  }

  /** Dies at the n-th send from now on (1: the next); of its records those land that `lands` says. */
  killAtSend(n: number, lands: (record: OutgoingRecord) => boolean): void {
    this.#sendsLeft = n;
    this.#lands = lands;
  }

  /** The log as this process sees it. */
  log(log: MemoryLog): Pick<Log, 'describeTopic' | 'offsetRanges' | 'read' | 'createProducer'> {
    return {
      describeTopic: (topic) => log.describeTopic(topic),
      offsetRanges: (topic) => log.offsetRanges(topic),
      read: (topic, partition, from, limits) => log.read(topic, partition, from, limits),
      createProducer: async () => this.#producer(await log.createProducer()),
    };
  }

  /** The lake as this process sees it. */
  lake(lake: ChainStore): ChainStore {
    return new MortalStore(lake, this);
  }

  #producer(producer: LogProducer): LogProducer {
    return {
      send: async (topic, records) => {
        if (this.isOver) throw new KilledError('killed');
        if (--this.#sendsLeft > 0) return producer.send(topic, records);
        this.isOver = true;
        await producer.send(topic, records.filter(this.#lands));
        throw new KilledError('killed while sending');
      },
      close: () => producer.close(),
    };
  }
}

class MortalStore extends ChainStore {
  constructor(
    private readonly lake: ChainStore,
    private readonly life: Life,
  ) {
    super();
  }

  async open(table: TableSchema, lane: number): Promise<Chain> {
    const chain = await this.lake.open(table, lane);
    const { life } = this;
    const publish = async (draft: SegmentDraft): Promise<SegmentFooter> => {
      if (life.isOver) throw new ChainMovedError(table.name, lane, chain.end);
      return chain.publish(draft);
    };
    return {
      table,
      lane,
      get end() {
        return chain.end;
      },
      get lastFooter() {
        return chain.lastFooter;
      },
      startAt: (offset) => chain.startAt(offset),
      publish,
    };
  }
}
