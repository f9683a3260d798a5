import { readLayerConfig } from './layer-config.js';
import type { Environment } from './read-env.js';
import { rulesVersion } from './rules-version.js';

const versionOf = (env: Environment): string =>
  rulesVersion(readLayerConfig({ DATA_DIR: '/data', ...env }, 'silver').rules);

describe('rulesVersion', () => {
  it('stands for the defaults: another value here means other rules for every lake there is', () => {
    expect(versionOf({})).toBe('1-a8ae6d027aad');
  });

  it('does not depend on the order of the settings', () => {
    const { rules } = readLayerConfig({ DATA_DIR: '/data' }, 'silver');
    const turned = Object.fromEntries(Object.entries(rules).reverse()) as unknown as typeof rules;
    expect(rulesVersion(turned)).toBe(rulesVersion(rules));
  });

  it.each([
    { ALLOWED_LATENESS_MS: '60000' },
    { MAX_FUTURE_MS: '5000' },
    { DEDUP_WITHOUT_ID: 'content' },
    { MAX_SYMBOLS: '5' },
    { SILVER_ROWS: '6' },
    { WINDOW_MS: '90000' },
    { WINDOW_SLIDE_MS: '15000' },
    { BAR_INTERVALS: '1m' },
    { CALENDAR: 'crypto' },
  ])('changes with %j', (env) => {
    expect(versionOf(env)).not.toBe(versionOf({}));
  });

  it('stays the same when only the pace changes', () => {
    expect(versionOf({ IDLE_MS: '5', SEGMENT_MAX_MS: '100' })).toBe(versionOf({}));
  });
});
