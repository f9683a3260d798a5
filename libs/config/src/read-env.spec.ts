import { InvalidEnvironmentError } from './environment-error.js';
import type { EnvironmentProblem } from './environment-error.js';
import { readEnv } from './read-env.js';
import { Age, Flag, Integer, List, OneOf } from './variable-kinds.js';
import { RefuseWhen, Secret, Variable } from './variable.js';

class Sample {
  @Integer(1, 10)
  COUNT = 3;

  @Flag()
  IS_ON = false;

  @OneOf('red', 'green')
  COLOUR?: 'red' | 'green';

  @List(/^[a-z]+$/, 'give words')
  WORDS: readonly string[] = ['a'];

  @Age()
  KEEP: number | null = null;

  @Secret()
  @Variable('give four digits', (text) => (/^\d{4}$/.test(text) ? text : undefined))
  @RefuseWhen((env: Sample) => env.PIN === undefined && env.COUNT === 7, 'needed when COUNT is 7')
  PIN?: string;
}

const problemsOf = (read: () => unknown): readonly EnvironmentProblem[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) return error.problems;
    throw error;
  }
  return [];
};

describe('readEnv', () => {
  it('gives defaults where nothing is set, and counts empty as unset', () => {
    const expected = { COUNT: 3, IS_ON: false, WORDS: ['a'], KEEP: null };
    expect(readEnv(Sample, {})).toMatchObject(expected);
    expect(readEnv(Sample, { COUNT: '', IS_ON: '', WORDS: '', KEEP: '', COLOUR: '' })).toMatchObject(
      expected,
    );
  });

  it('reads what is set, and nothing that is not declared', () => {
    const env = readEnv(Sample, {
      COUNT: '10',
      IS_ON: 'true',
      COLOUR: 'red',
      WORDS: 'b, c',
      KEEP: '2h',
      PIN: '1234',
      HOME: '/',
    });
    expect({ ...env }).toEqual({
      COUNT: 10,
      IS_ON: true,
      COLOUR: 'red',
      WORDS: ['b', 'c'],
      KEEP: 7_200_000,
      PIN: '1234',
    });
    expect(Object.isFrozen(env)).toBe(true);
  });

  it.each([
    ['COUNT', '0'],
    ['COUNT', '11'],
    ['COUNT', '1e1'],
    ['COUNT', ' 3'],
    ['COUNT', '3.0'],
    ['COUNT', '-1'],
    ['COUNT', 'abc'],
    ['IS_ON', 'TRUE'],
    ['IS_ON', '1'],
    ['IS_ON', '__proto__'],
    ['IS_ON', 'constructor'],
    ['COLOUR', 'blue'],
    ['WORDS', 'a,,b'],
    ['WORDS', 'a,a'],
    ['WORDS', 'a,B'],
    ['KEEP', '3'],
    ['KEEP', '0d'],
    ['KEEP', '1w'],
  ])('refuses %s=%s by name and value', (variable, value) => {
    expect(problemsOf(() => readEnv(Sample, { [variable]: value }))).toMatchObject([{ variable, value }]);
  });

  it('lists every problem at once, each with name, value and remedy', () => {
    const read = (): unknown => readEnv(Sample, { COUNT: '7', IS_ON: 'yes', COLOUR: 'blue' });
    expect(read).toThrow(
      [
        'The environment cannot be used:',
        '  IS_ON=yes: give true or false',
        '  COLOUR=blue: give one of red, green',
        '  PIN is not set: needed when COUNT is 7',
      ].join('\n'),
    );
    expect(problemsOf(read)).toHaveLength(3);
  });

  it('never shows a secret', () => {
    const problems = problemsOf(() => readEnv(Sample, { PIN: 'hunter2' }));
    expect(problems).toEqual([{ variable: 'PIN', value: '(hidden)', remedy: 'give four digits' }]);
  });
});
