/** A BOM is part of what came, so it is kept. */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Of a text that stands for bytes. What came with it as text is kept as text. */
export const BASE64_PREFIX = 'base64:';

/** The text, or undefined when the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes as a column of text keeps them: as they are, or in base64 with the prefix `base64:` when they are not UTF-8. */
export function rawText(bytes: Uint8Array, text = decodeUtf8(bytes)): string {
  return text ?? BASE64_PREFIX + bufferOver(bytes).toString('base64');
}

/** The bytes that `rawText` was made of. */
export function rawBytes(raw: string): Uint8Array {
  if (raw.startsWith(BASE64_PREFIX)) {
    const bytes = Buffer.from(raw.slice(BASE64_PREFIX.length), 'base64');
    // Text that only looks like it was never encoded: what is encoded is never UTF-8.
    if (decodeUtf8(bytes) === undefined) return bytes;
  }
  return Buffer.from(raw, 'utf8');
}

function bufferOver(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
