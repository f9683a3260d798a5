/** What some text is as one record of RFC 4180: its fields, or a quote still open at its end, or no record at all. */
export type CsvRecord = readonly string[] | 'open' | 'malformed';

const QUOTE = '"';

/** Splits one record, given without its line end. Inside quotes, commas and line ends count as text and `""` as one quote. */
export function splitCsvRecord(text: string): CsvRecord {
  if (!text.includes(QUOTE)) return text.split(',');
  const fields: string[] = [];
  for (let at = 0; ; at++) {
    const field = text[at] === QUOTE ? quotedField(text, at) : plainField(text, at);
    if (typeof field === 'string') return field;
    fields.push(field.value);
    at = field.end;
    if (at === text.length) return fields;
    if (text[at] !== ',') return 'malformed';
  }
}

interface Field {
  readonly value: string;
  /** Where the comma after it stands, or the end. */
  readonly end: number;
}

function plainField(text: string, start: number): Field | 'malformed' {
  const comma = text.indexOf(',', start);
  const end = comma === -1 ? text.length : comma;
  const value = text.slice(start, end);
  return value.includes(QUOTE) ? 'malformed' : { value, end };
}

function quotedField(text: string, start: number): Field | 'open' {
  let value = '';
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf(QUOTE, from);
    if (quote === -1) return 'open';
    value += text.slice(from, quote);
    if (text[quote + 1] !== QUOTE) return { value, end: quote + 1 };
    value += QUOTE;
    from = quote + 2;
  }
}
