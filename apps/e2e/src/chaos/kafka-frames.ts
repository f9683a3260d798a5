/** A request or an answer of Kafka's protocol: the size in four bytes, and so many more. */
export type Frame = Buffer;

const SIZE_BYTES = 4;
const PRODUCE = 0;

/** The whole frames of a stream of bytes, as they come. */
export async function* framesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = frameEnd(rest); end <= rest.length; end = frameEnd(rest)) {
      yield rest.subarray(0, end);
      rest = rest.subarray(end);
    }
  }
}

const frameEnd = (bytes: Buffer): number =>
  bytes.length < SIZE_BYTES ? Infinity : SIZE_BYTES + bytes.readInt32BE(0);

export const isProduceRequest = (request: Frame): boolean => request.readInt16BE(SIZE_BYTES) === PRODUCE;

/** What a request and its answer have in common. */
export const correlationOfRequest = (request: Frame): number => request.readInt32BE(SIZE_BYTES + 4);
export const correlationOfAnswer = (answer: Frame): number => answer.readInt32BE(SIZE_BYTES);
