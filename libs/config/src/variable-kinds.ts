import { resolve } from 'node:path';
import { Variable } from './variable.js';

/** A whole number in [min, max], in decimal digits. */
export const Integer = (min: number, max: number): PropertyDecorator =>
  Variable(`give a whole number from ${min} to ${max}`, (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    return value >= min && value <= max ? value : undefined;
  });

/** `true` or `false`, nothing else. */
export const Flag = (): PropertyDecorator =>
  Variable('give true or false', (text) =>
    text === 'true' || text === 'false' ? text === 'true' : undefined,
  );

export const OneOf = (...names: readonly string[]): PropertyDecorator =>
  Variable(`give one of ${names.join(', ')}`, (text) => names.find((name) => name === text));

export const Text = (pattern: RegExp, remedy: string): PropertyDecorator =>
  Variable(remedy, (text) => (pattern.test(text) ? text : undefined));

/** A file or folder; relative to the working directory. */
export const Path = (): PropertyDecorator => Variable('give a path', (text) => resolve(text));

/** `a,b,c`: no entry empty or twice, blanks around them ignored. */
export const List = (pattern: RegExp, remedy: string): PropertyDecorator =>
  Variable(remedy, (text) => {
    const entries = text.split(',').map((entry) => entry.trim());
    const isRefused = entries.some((entry) => !pattern.test(entry)) || new Set(entries).size < entries.length;
    return isRefused ? undefined : entries;
  });

const AGE_UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** An age like `30d` (s, m, h, d), in ms; `keep` (never too old) is null. */
export const Age = (): PropertyDecorator =>
  Variable('give an age like 12h or 30d, or keep', (text) => {
    if (text === 'keep') return null;
    const [, count, unit] = /^([1-9]\d{0,6})([smhd])$/.exec(text) ?? [];
    return unit === undefined ? undefined : Number(count) * (AGE_UNITS_MS[unit] ?? NaN);
  });
