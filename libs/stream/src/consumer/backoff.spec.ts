import { isRetriable, SendOutcomeUnknownError, TopicMismatchError } from '../index.js';
import { defaultBackoff } from './backoff.js';

describe('backoff', () => {
  it('doubles, up to two seconds', () => {
    expect([0, 1, 2, 5, 6, 500].map(defaultBackoff)).toEqual([50, 100, 200, 1_600, 2_000, 2_000]);
  });

  it('is for errors that say so, whatever their class', () => {
    expect(isRetriable(new SendOutcomeUnknownError('x'))).toBe(true);
    expect(isRetriable(Object.assign(new Error('x'), { retriable: true }))).toBe(true);
    for (const other of [
      new TopicMismatchError('x'),
      new Error('x'),
      { retriable: 'yes' },
      null,
      'retriable',
    ]) {
      expect(isRetriable(other)).toBe(false);
    }
  });
});
