const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;
const utf8 = new TextEncoder();

/** 32-bit MurmurHash2 as a signed integer, as `org.apache.kafka.common.utils.Utils.murmur2` computes it. */
export function murmur2(bytes: Uint8Array): number {
  const whole = bytes.length & ~3;
  let hash = SEED ^ bytes.length;
  for (let at = 0; at < whole; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    hash = Math.imul(hash, MULTIPLIER) ^ scramble(word);
  }
  hash = mixTail(hash, bytes, whole);
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/**
 * The lane of a symbol: Kafka's default partitioner, so that what a keyed producer sends lies in its lane already.
 * An unkeyed or differently keyed tick is put right by bronze.
 */
export function laneOf(symbol: string, lanes: number): number {
  return (murmur2(utf8.encode(symbol)) & 0x7fffffff) % lanes;
}

function scramble(word: number): number {
  const product = Math.imul(word, MULTIPLIER);
  return Math.imul(product ^ (product >>> 24), MULTIPLIER);
}

/** The last one to three bytes, which fill no word. */
function mixTail(hash: number, bytes: Uint8Array, from: number): number {
  const left = bytes.length - from;
  if (left === 0) return hash;
  let tail = bytes[from]!;
  if (left > 1) tail |= bytes[from + 1]! << 8;
  if (left > 2) tail |= bytes[from + 2]! << 16;
  return Math.imul(hash ^ tail, MULTIPLIER);
}
