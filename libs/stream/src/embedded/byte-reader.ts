/** Reads a buffer from front to back. Throws `RangeError` where it ends too early. */
export class ByteReader {
  constructor(
    private readonly bytes: Buffer,
    private at: number,
  ) {}

  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new RangeError('The chunk ends inside a number');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  }

  take(length: number): Buffer {
    const end = this.at + length;
    if (end > this.bytes.length) throw new RangeError('The chunk ends inside a field');
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }
}
