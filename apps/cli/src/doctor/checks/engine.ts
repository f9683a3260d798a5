import { DataFolderLock } from '../../up/data-folder-lock.js';
import type { Check } from '../finding.js';

/** An engine that runs is no fault: it explains why ports are taken and a second one is refused. */
export const checkEngine: Check = ({ dataDir }) => {
  const holder = DataFolderLock.holderOf(dataDir);
  const detail =
    holder === undefined ? 'none runs on this folder' : `runs: pid ${holder.pid}, ${holder.address}`;
  return [{ what: 'Engine', outcome: 'ok', detail: `${detail} (${dataDir})` }];
};
