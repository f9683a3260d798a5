/** Keys of a topic's environment. They sort as: the topic, the partitions' heads, the chunks by partition and offset. */
const topicTag = 0;
const headTag = 1;
const chunkTag = 2;

export const topicKey: Buffer = Buffer.from([topicTag]);

export function headKey(partition: number): Buffer {
  return tagged(headTag, partition, 3);
}

/** Sorts before all chunks of the partition. */
export function firstChunkKey(partition: number): Buffer {
  return tagged(chunkTag, partition, 3);
}

/** The chunk whose first record has this offset. */
export function chunkKey(partition: number, offset: number): Buffer {
  const key = tagged(chunkTag, partition, 9);
  key.writeUIntBE(offset, 3, 6);
  return key;
}

export function offsetOfChunk(key: Buffer): number {
  return key.readUIntBE(3, 6);
}

function tagged(tag: number, partition: number, length: number): Buffer {
  const key = Buffer.alloc(length);
  key[0] = tag;
  key.writeUInt16BE(partition, 1);
  return key;
}
