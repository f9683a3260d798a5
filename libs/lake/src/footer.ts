import type { SegmentFooter } from './ports.js';

/** The footer's `KV_METADATA`: every value is text, what is null is left out. */
export function footerEntries(footer: SegmentFooter): readonly (readonly [string, string])[] {
  return Object.entries(footer).flatMap(([key, value]: [string, string | number | null]) =>
    value === null ? [] : [[key, String(value)] as const],
  );
}

/** The reverse of `footerEntries`; keys it does not know are passed over. Throws where a key is missing or malformed. */
export function parseFooter(file: string, entries: ReadonlyMap<string, string>): SegmentFooter {
  const text = (key: keyof SegmentFooter): string => {
    const value = entries.get(key);
    if (value === undefined) throw new ChainDamagedError(file, `its footer has no ${key}`);
    return value;
  };
  const integer = (key: keyof SegmentFooter): number => {
    const value = Number(text(key));
    if (!Number.isSafeInteger(value))
      throw new ChainDamagedError(file, `its footer's ${key} is ${text(key)}`);
    return value;
  };
  return {
    first: integer('first'),
    next: integer('next'),
    rows: integer('rows'),
    content: text('content'),
    schema: text('schema'),
    rules: text('rules'),
    topic: text('topic'),
    watermark: entries.has('watermark') ? integer('watermark') : null,
    lanes: entries.get('lanes') ?? null,
    through: entries.get('through') ?? null,
  };
}

/** A file of the lake is not what its name says: nothing this code does by itself can mend it. */
export class ChainDamagedError extends Error {
  readonly retriable = false;
  readonly exitCode = 78;
  override readonly name = 'ChainDamagedError';
  constructor(
    readonly file: string,
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(
      `${file} is damaged: ${detail}. Restore it from a backup; \`engine verify\` says what else can be done`,
      options,
    );
  }
}
