import { Store } from '../core/store.js';
import { atMostEvery } from '../live/soon.js';
import { useStore } from './use-store.js';

const now = new Store(Date.now());
const withNextBurst = atMostEvery(0);
window.setInterval(() => withNextBurst(() => now.set(Date.now())), 1_000);

/** The time, ms since the epoch, anew every second. */
export const useNow = (): number => useStore(now);
