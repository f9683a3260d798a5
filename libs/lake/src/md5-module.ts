/*
 * MD5 (RFC 1321) of four messages at a time, as a WebAssembly module: every 32-bit word of the state is a vector of the four
 * messages' words. Written out here step by step, since no compiler for it is at hand in a TypeScript build.
 */

const STEPS = 64;
const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;
/** Which word of the block a step takes. */
const WORD_AT = [
  (step: number): number => step,
  (step: number): number => (5 * step + 1) % 16,
  (step: number): number => (3 * step + 5) % 16,
  (step: number): number => (7 * step) % 16,
] as const;
const sineOf = (step: number): number => Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32) | 0;

/** Unsigned LEB128. */
function leb(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

const I32 = 0x7f;
const V128 = 0x7b;
const section = (id: number, body: readonly number[]): number[] => [id, ...leb(body.length), ...body];
const text = (name: string): number[] => [name.length, ...Buffer.from(name)];
const simd = (...code: number[]): number[] => [0xfd, ...code];
const get = (local: number): number[] => [0x20, ...leb(local)];
const set = (local: number): number[] => [0x21, ...leb(local)];
const i32 = (value: number): number[] => [0x41, value];

const SELECT = simd(0x52);
const NOT = simd(0x4d);
const OR = simd(0x50);
const XOR = simd(0x51);
const SHIFT_LEFT = simd(0xab, 0x01);
const SHIFT_RIGHT = simd(0xad, 0x01);
const ADD = simd(0xae, 0x01);
const load = (offset: number): number[] => simd(0x00, 4, ...leb(offset));
const store = (offset: number): number[] => simd(0x0b, 4, ...leb(offset));
const loadWord = (offset: number): number[] => simd(0x5c, 2, ...leb(offset));
const loadWordInto = (lane: number, offset: number): number[] => simd(0x56, 2, ...leb(offset), lane);
function everyLane(value: number): number[] {
  const word = [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255];
  return simd(0x0c, ...word, ...word, ...word, ...word);
}

/** Locals of `compress`: where the state and the four blocks are, the state, the sixteen words, a step's sum. */
const STATE = 0;
const BLOCK = 1;
const A = 5;
const WORD = 9;
const SUM = WORD + 16;

/** The round's function of three words of the state, on the stack. */
function mixed(round: number, b: number, c: number, d: number): number[] {
  if (round === 0) return [...get(c), ...get(d), ...get(b), ...SELECT];
  if (round === 1) return [...get(b), ...get(c), ...get(d), ...SELECT];
  if (round === 2) return [...get(b), ...get(c), ...XOR, ...get(d), ...XOR];
  return [...get(c), ...get(b), ...get(d), ...NOT, ...OR, ...XOR];
}

function step(at: number): number[] {
  const round = at >> 4;
  const [a, b, c, d] = [0, 1, 2, 3].map((part) => A + ((part + STEPS - at) % 4)) as [
    number,
    number,
    number,
    number,
  ];
  const shift = SHIFTS[round]![at % 4]!;
  const word = WORD + WORD_AT[round]!(at);
  return [
    ...[...get(a), ...mixed(round, b, c, d), ...ADD, ...get(word), ...ADD],
    ...[...everyLane(sineOf(at)), ...ADD, ...set(SUM)],
    ...[...get(SUM), ...i32(shift), ...SHIFT_LEFT, ...get(SUM), ...i32(32 - shift), ...SHIFT_RIGHT],
    ...[...OR, ...get(b), ...ADD, ...set(a)],
  ];
}

function compress(): number[] {
  const state = [0, 1, 2, 3];
  const words = Array.from({ length: 16 }, (_, word) => [
    ...[...get(BLOCK), ...loadWord(4 * word), ...set(WORD + word)],
    ...[1, 2, 3].flatMap((lane) => [
      ...[...get(BLOCK + lane), ...get(WORD + word), ...loadWordInto(lane, 4 * word), ...set(WORD + word)],
    ]),
  ]).flat();
  return [
    ...[1, ...leb(4 + 16 + 1), V128],
    ...state.flatMap((part) => [...get(STATE), ...load(16 * part), ...set(A + part)]),
    ...words,
    ...Array.from({ length: STEPS }, (_, at) => step(at)).flat(),
    ...state.flatMap((part) => [
      ...[...get(STATE), ...get(STATE), ...load(16 * part), ...get(A + part), ...ADD, ...store(16 * part)],
    ]),
    0x0b,
  ];
}

/** Exports `memory` of so many pages of 64 KiB and `compress(state, block, block, block, block)`: their addresses in it. */
export function md5Module(pages: number): Uint8Array<ArrayBuffer> {
  const body = compress();
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 5, I32, I32, I32, I32, I32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0x00, ...leb(pages)]),
    ...section(7, [2, ...text('memory'), 0x02, 0, ...text('compress'), 0x00, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}
