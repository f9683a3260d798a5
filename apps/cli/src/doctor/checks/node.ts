import type { Check } from '../finding.js';

/** As in the repository's package.json. */
const OLDEST = [20, 19] as const;

/** `version`: as in `process.version`. */
export const checkNode =
  (version: string): Check =>
  () => {
    const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number);
    const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
    const finding = { what: 'Node.js', detail: version };
    return isOld
      ? [{ ...finding, outcome: 'fail', remedy: `install Node.js ${OLDEST.join('.')} or newer` }]
      : [{ ...finding, outcome: 'ok' }];
  };
