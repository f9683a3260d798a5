import type { TopicDescription } from '../ports.js';
import { KafkaRefusedError } from './kafka-error.js';
import { decoderClass, encoderClass } from './kafkajs-internals.js';
import type { Broker, Decoder, Encoder, OwnRequest } from './kafkajs-internals.js';

const metadataKey = 3;
/** Topic ids are in the answer since version 10; this one is known to every Kafka since 3.0. */
const metadataVersion = 12;
const noUuid = Buffer.alloc(16);
const unknownTopic = 3;

interface TopicMetadata {
  readonly errorCode: number;
  readonly id: string;
  readonly partitions: number;
}

/**
 * What the broker knows of a topic: undefined where there is none; asking makes none.
 *
 * kafkajs speaks versions without topic ids only, so the request is written here. An id is Kafka's own UUID of the topic,
 * which no other topic ever has, of the same name or not.
 */
export async function describeTopic(broker: Broker, name: string): Promise<TopicDescription | undefined> {
  const known = broker.versions[metadataKey]?.maxVersion ?? 0;
  if (known < metadataVersion)
    throw new KafkaRefusedError(
      `${name}: the broker answers Metadata up to version ${known}, topic ids need ${metadataVersion}: use Kafka 3.0 or newer`,
    );
  const { errorCode, id, partitions } = await broker.connectionPool.send(metadataRequest(name));
  if (errorCode === unknownTopic) return undefined;
  if (errorCode !== 0) throw metadataError(name, errorCode);
  return { name, partitions, id };
}

function metadataError(name: string, code: number): Error {
  const known: Readonly<Record<number, readonly [string, boolean]>> = {
    5: ['LEADER_NOT_AVAILABLE', true],
    17: ['INVALID_TOPIC_EXCEPTION', false],
    29: ['TOPIC_AUTHORIZATION_FAILED', false],
  };
  const [type, retriable] = known[code] ?? [`error ${code}`, true];
  return Object.assign(new Error(`${name}: ${type}`), { type, retriable });
}

function metadataRequest(name: string): OwnRequest<TopicMetadata> {
  return {
    request: {
      apiKey: metadataKey,
      apiVersion: metadataVersion,
      apiName: 'Metadata',
      encode: () => Promise.resolve(encodeRequest(name)),
    },
    response: {
      decode: (raw) => Promise.resolve(decodeResponse(new decoderClass(raw))),
      parse: (answer) => Promise.resolve(answer),
    },
  };
}

/** The first byte ends the header, which this version lets have tagged fields and kafkajs does not know. */
function encodeRequest(name: string): Encoder {
  const encoder = new encoderClass().writeUVarInt(0).writeUVarInt(2);
  encoder.writeBufferInternal(noUuid);
  return encoder
    .writeUVarIntString(name)
    .writeUVarInt(0)
    .writeBoolean(false)
    .writeBoolean(false)
    .writeUVarInt(0);
}

function decodeResponse(decoder: Decoder): TopicMetadata {
  decoder.readTaggedFields();
  decoder.readInt32(); // throttle time
  decoder.readUVarIntArray(skipBroker);
  skipCompactString(decoder); // cluster id
  decoder.readInt32(); // controller id
  const [topic] = decoder.readUVarIntArray(decodeTopic) ?? [];
  if (!topic) throw new Error('The broker answered Metadata without the topic');
  return topic;
}

function skipBroker(decoder: Decoder): void {
  decoder.readInt32();
  skipCompactString(decoder); // host
  decoder.readInt32();
  skipCompactString(decoder); // rack
  decoder.readTaggedFields();
}

function decodeTopic(decoder: Decoder): TopicMetadata {
  const errorCode = decoder.readInt16();
  skipCompactString(decoder); // name
  const id = decoder.readBytes(16).toString('base64url');
  decoder.readBoolean(); // is internal
  const partitions = (decoder.readUVarIntArray(skipPartition) ?? []).length;
  decoder.readInt32(); // authorized operations
  decoder.readTaggedFields();
  return { errorCode, id, partitions };
}

function skipPartition(decoder: Decoder): void {
  decoder.readInt16(); // error
  for (let i = 0; i < 3; i++) decoder.readInt32(); // partition, leader, leader epoch
  for (let i = 0; i < 3; i++) decoder.readUVarIntArray((node) => node.readInt32()); // replicas, in sync, offline
  decoder.readTaggedFields();
}

function skipCompactString(decoder: Decoder): void {
  const length = decoder.readUVarInt();
  if (length > 1) decoder.readBytes(length - 1);
}
