import { isBlank, withoutCarriageReturn } from './lines.js';
import type { MessageReader } from './messages.js';

/** JSON lines: every line is a message as it stands, readable or not; what is wrong with it is for bronze to say. */
export class JsonLines implements MessageReader {
  push(line: Buffer): readonly Buffer[] {
    return isBlank(line) ? [] : [withoutCarriageReturn(line)];
  }

  end(): readonly Buffer[] {
    return [];
  }
}
