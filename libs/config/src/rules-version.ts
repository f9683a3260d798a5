import { createHash } from 'node:crypto';
import type { RulesConfig } from './rules-config.js';

/** Raised by hand with every change of code that changes a verdict or a value. */
export const RULES_VERSION = '1';

/**
 * Names what decides verdicts and values: `<RULES_VERSION>-<12 hex digits>`, the digits from the SHA-256 of the settings'
 * canonical JSON (keys sorted). `idleMs` is left out: what it brings about is a marker, which is a record of the lane.
 */
export function rulesVersion(rules: RulesConfig): string {
  const deciding = Object.entries(rules).filter(([setting]) => setting !== 'idleMs');
  const canonical = JSON.stringify(deciding.sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${RULES_VERSION}-${createHash('sha256').update(canonical).digest('hex').slice(0, 12)}`;
}
