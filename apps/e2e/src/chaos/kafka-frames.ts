/** A request or an answer of Kafka's protocol: the size in four bytes, and so many more. */
export type Frame = Buffer;

const SIZE_BYTES = 4;
const PRODUCE = 0;
/** A request begins with size, API, version, correlation, client id. */
const CORRELATION = 8;
const CLIENT_ID = 12;
const LENGTH_BYTES = 2;
const ACKS_TIMEOUT_AND_COUNT_BYTES = 10;

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

/** What a request and its answer have in common. */
export const correlationOfRequest = (request: Frame): number => request.readInt32BE(CORRELATION);
export const correlationOfAnswer = (answer: Frame): number => answer.readInt32BE(SIZE_BYTES);

/**
 * The first topic of a produce request (version 3 and later), undefined for any other request. Looked up where it stands: the
 * name of one topic may be in what is sent to another one, as in dead letters.
 */
export function topicOfProduce(request: Frame): string | undefined {
  if (request.readInt16BE(SIZE_BYTES) !== PRODUCE) return undefined;
  const transactionalId = afterText(request, CLIENT_ID);
  const topic = afterText(request, transactionalId) + ACKS_TIMEOUT_AND_COUNT_BYTES;
  return request.toString('utf8', topic + LENGTH_BYTES, afterText(request, topic));
}

/** Where the text ends whose length stands at `at`; -1 stands for none. */
const afterText = (frame: Frame, at: number): number =>
  at + LENGTH_BYTES + Math.max(0, frame.readInt16BE(at));
