import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  deadLetter,
  encodeBronzeTicks,
  encodeMarker,
  encodeSilverMessages,
  encodeUpdate,
  topicNames,
} from '@engine/contracts';
import type { BarUpdate, GoldUpdate } from '@engine/contracts';
import { bronzeTicksOf, silverTicksOf } from '@engine/contracts/testing';
import { Ajv } from 'ajv';
import type { AnySchemaObject, ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { acceptedTicks } from './input/acceptances.js';
import { refusedTicks } from './input/refusals.js';
import { repositoryRoot } from './support/repository.js';

interface ObjectSchema {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, object>>;
}
interface Description {
  readonly channels: Readonly<Record<string, { readonly address: string }>>;
  readonly components: { readonly schemas: Readonly<Record<string, ObjectSchema>> };
}

const description = parse(readFileSync(`${repositoryRoot}docs/asyncapi.yaml`, 'utf8')) as Description;
const { schemas } = description.components;
const ajv = new Ajv({ strict: false, allErrors: true }).addSchema(description, 'asyncapi.yaml');

const validatorOf = (schema: string): ValidateFunction => {
  const validate = ajv.getSchema(`asyncapi.yaml#/components/schemas/${schema}`);
  if (validate === undefined) throw new Error(`docs/asyncapi.yaml has no schema ${schema}`);
  return validate;
};

const problems = (schema: string, message: unknown): string[] => {
  const validate = validatorOf(schema);
  if (validate(message)) return [];
  return (validate.errors ?? []).map(({ instancePath, message: what }) => `${instancePath} ${what ?? ''}`);
};

const fieldsOf = (schema: string): string[] => Object.keys(schemas[schema]!.properties).sort();
const requiredOf = (schema: string): string[] => [...schemas[schema]!.required].sort();

const fullBronze = [
  { size: 1.5, side: 'sell', tradeId: 't-1', originPartition: 3, originOffset: 9 },
  { symbol: 'MSFT', source: 'b', originIndex: 2 },
] as const;
const fullSilver = [
  { size: 2, sma: 100.5, volatility: 0.25, logReturn: 0.01, laneOffset: 7 },
  { symbol: 'MSFT', inOrder: false, laneOffset: 7, laneIndex: 1 },
] as const;
const previous = { offset: 6, index: 0 };

const bar: BarUpdate = {
  type: 'bar',
  state: 'corrected',
  lane_offset: 17,
  lane_index: 3,
  symbol: 'AAPL',
  interval: '1m',
  start: 1_700_000_040_000_000,
  revision: 1,
  open: 101,
  high: 102,
  low: 100,
  close: 101.5,
  volume: 12,
  vwap: 101.2,
  ticks: 5,
  first_offset: 11,
  last_offset: 17,
  closed_at: 1_700_000_220_000_000,
};
const metrics: GoldUpdate = {
  type: 'metrics',
  lane_offset: 17,
  lane_index: 3,
  symbol: 'AAPL',
  as_of: 1_700_000_040_000_000,
  ticks: 5,
  last_price: 101.5,
  avg_sma: 101,
  avg_volatility: 0.2,
  vwap: 101.2,
  volume: 12,
  high: 102,
  low: 100,
  realized_volatility: 0.3,
  max_drawdown: 0.01,
};

type Fields = Record<string, unknown>;
const decoded = (text: string | undefined): Fields => JSON.parse(text ?? 'null') as Fields;

/** Per schema a message in which every field stands, and one in which none does that may be left out: both as the code encodes them. */
const messages: Readonly<Record<string, { readonly full: Fields; readonly least: Fields }>> = {
  BronzeTicks: {
    full: decoded(encodeBronzeTicks(bronzeTicksOf(fullBronze), new Map([[3, { offset: 8, index: 0 }]]))[0]),
    least: decoded(encodeBronzeTicks(bronzeTicksOf([{}]), new Map())[0]),
  },
  Marker: { full: decoded(encodeMarker(1_700_000_000_000_000)), least: decoded(encodeMarker(0)) },
  SilverTicks: {
    full: decoded(
      encodeSilverMessages([{ kind: 'ticks', ticks: silverTicksOf(fullSilver) }], previous).values[0],
    ),
    least: decoded(encodeSilverMessages([{ kind: 'ticks', ticks: silverTicksOf([{}]) }], null).values[0]),
  },
  SilverMarker: {
    full: decoded(
      encodeSilverMessages([{ kind: 'marker', markerUs: 5, laneOffset: 7, laneIndex: 0 }], previous)
        .values[0],
    ),
    least: decoded(
      encodeSilverMessages([{ kind: 'marker', markerUs: 5, laneOffset: 0, laneIndex: 0 }], null).values[0],
    ),
  },
  Bar: {
    full: decoded(encodeUpdate(bar).value),
    least: decoded(
      encodeUpdate({ ...bar, state: 'provisional', volume: null, vwap: null, closed_at: null }).value,
    ),
  },
  Metrics: {
    full: decoded(encodeUpdate(metrics).value),
    least: decoded(encodeUpdate({ ...metrics, vwap: null }).value),
  },
  DeadLetterHeaders: { full: headersOf(new Uint8Array(70_000)), least: headersOf(null) },
};

function headersOf(value: Uint8Array | null): Fields {
  const at = { layer: 'bronze', topic: 'stock-ticks', partition: 2, offset: 17, index: 0 };
  return deadLetter({ ...at, reason: 'too_large', detail: 'the message has 2 MiB', symbol: null, value })
    .headers;
}

describe('docs/asyncapi.yaml', () => {
  it('is an AsyncAPI document', () => {
    const specification = createRequire(import.meta.url)(
      '@asyncapi/specs/schemas/3.0.0.json',
    ) as AnySchemaObject;
    const validate = new Ajv({
      strict: false,
      meta: false,
      validateSchema: false,
      validateFormats: false,
      logger: false,
    }).compile(specification);
    expect(validate(description) === true ? [] : validate.errors).toEqual([]);
    expect(validate({ ...description, channels: { x: { adress: 'x' } } })).toBe(false);
  });

  it('has the topics of the engine, no more and no less', () => {
    const addresses = Object.values(description.channels).map(({ address }) => address);
    expect(addresses.sort()).toEqual(Object.values(topicNames()).sort());
  });

  describe.each(Object.entries(messages))('%s', (schema, { full, least }) => {
    it('describes what the engine sends', () => {
      expect([problems(schema, full), problems(schema, least)]).toEqual([[], []]);
    });

    it('has every field that there is, and says which are always there', () => {
      expect(Object.keys(full).sort()).toEqual(fieldsOf(schema));
      expect(Object.keys(least).sort()).toEqual(requiredOf(schema));
    });

    it('refuses a field that there is not', () => {
      expect(problems(schema, { ...full, unheard: 1 })).not.toEqual([]);
    });
  });
});

describe('the schema of a tick', () => {
  it.each(acceptedTicks.map(([text]) => text))('takes what bronze takes: %s', (text) => {
    expect(problems('Tick', JSON.parse(text))).toEqual([]);
  });

  /** The amount in a string and the days of a month are beyond a pattern; that comes to light in bronze. */
  const beyondASchema = [
    '"price":"0"',
    '"price":"1e16"',
    '"timestamp":"2024-02-30T',
    '"timestamp":"2023-02-29T',
  ];
  const refused = Object.entries(refusedTicks).flatMap(([reason, texts]) =>
    texts.map((text) => [reason, text] as const),
  );
  const parsable = refused.filter(
    ([reason, text]) => reason !== 'not_json' && !beyondASchema.some((part) => text.includes(part)),
  );

  it.each(parsable)('refuses what bronze refuses: %s %s', (_reason, text) => {
    expect(problems('Tick', JSON.parse(text))).not.toEqual([]);
  });

  it('leaves little to bronze', () => {
    const known = refused.filter(([reason]) => reason !== 'not_json').length;
    expect([parsable.length > 60, known - parsable.length]).toEqual([true, beyondASchema.length]);
  });
});

describe('docs/sending-ticks.md', () => {
  const text = readFileSync(`${repositoryRoot}docs/sending-ticks.md`, 'utf8');

  it('names every reason for which bronze refuses and every verdict of silver', () => {
    const reasons = [...Object.keys(refusedTicks), 'too_large', 'empty', 'too_many'];
    const verdicts = ['duplicate', 'late', 'future', 'too_many_symbols'];
    expect([...reasons, ...verdicts].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('shows ticks that are valid', () => {
    const shown = [...text.matchAll(/^```json\n(.*?)^```/gms), ...text.matchAll(/echo '(\{.*?\})'/g)];
    expect(shown).toHaveLength(2);
    expect(shown.flatMap(([, tick]) => problems('Tick', JSON.parse(tick!)))).toEqual([]);
  });
});
