import type { VerifyContext } from './verify-context.js';

/** Something that a check has to say. Damage: what is stored is not what was decided. A note harms nobody. */
export interface Finding {
  readonly severity: 'damage' | 'note';
  /** The file, or the table, lane and row. */
  readonly where: string;
  readonly what: string;
  /** What a user can do about it; empty where nothing needs to be done. */
  readonly remedy: string;
}

/** One promise of the lake, looked after. Findings come as they are made. */
export interface Check {
  readonly name: string;
  run(context: VerifyContext): AsyncIterable<Finding>;
}

export const damage = (where: string, what: string, remedy: string): Finding => ({
  severity: 'damage',
  where,
  what,
  remedy,
});

export const note = (where: string, what: string, remedy = ''): Finding => ({
  severity: 'note',
  where,
  what,
  remedy,
});
