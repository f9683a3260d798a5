import { variableNames } from './index.js';

describe('the names of the variables', () => {
  it('hold those without a default and those with one, of every shape, once', () => {
    expect(variableNames).toEqual(
      expect.arrayContaining([
        'KAFKA_BROKERS',
        'LANES',
        'HTTP_PORT',
        'FEED_RATE',
        'SILVER_ROWS',
        'SNAPSHOT_MS',
        'DASHBOARD_TOKEN',
      ]),
    );
    expect(new Set(variableNames).size).toBe(variableNames.length);
  });

  it('hold nothing but names of variables', () => {
    expect(variableNames.filter((name) => !/^[A-Z][A-Z0-9_]+$/.test(name))).toEqual([]);
  });
});
