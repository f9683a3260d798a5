import type { Check } from '../finding.js';

const MIB = 1024 * 1024;
/** Five apps, each designed for 250 MiB. */
const WANTED_MIB = 1_250;

/** `availableBytes`: what this process and its children could still take. */
export const checkMemory =
  (availableBytes: () => number): Check =>
  () => {
    const mib = Math.floor(availableBytes() / MIB);
    const finding = { what: 'Memory', detail: `${mib} MiB available` };
    return mib >= WANTED_MIB
      ? [{ ...finding, outcome: 'ok' }]
      : [
          {
            ...finding,
            outcome: 'warn',
            remedy: `five apps under load take up to ${WANTED_MIB} MiB: end other programs, or raise the limit of this container`,
          },
        ];
  };
