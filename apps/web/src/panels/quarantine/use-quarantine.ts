import type { Quarantine } from '@engine/contracts/api';
import { useEffect, useMemo } from 'react';
import { getJson, pathOf } from '../../api/get-json.js';
import { Resource } from '../../live/resource.js';
import { useSession } from '../../page/session-context.js';

/** What to show of the refused; nothing given: all. */
export interface RefusalFilter {
  readonly layer?: string;
  readonly reason?: string;
}

const SHOWN = 50;
const REFRESH_MS = 5_000;

/** The newest refused records, looked at again every few seconds while the page is connected. */
export function useQuarantine({
  layer,
  reason,
}: RefusalFilter): Resource<Quarantine | undefined, Quarantine> {
  const { connection } = useSession();
  const resource = useMemo(() => {
    const path = pathOf('/api/quarantine', { layer, reason, limit: SHOWN });
    return new Resource<Quarantine | undefined, Quarantine>({
      initial: undefined,
      load: (signal) => getJson(path, signal),
      merge: (_, loaded) => loaded,
    });
  }, [layer, reason]);
  useEffect(() => {
    const refresh = (): void => {
      if (connection.get().state === 'live' && !document.hidden) void resource.refresh();
    };
    void resource.reload();
    const timer = window.setInterval(refresh, REFRESH_MS);
    const unsubscribe = connection.subscribe(refresh);
    return () => {
      window.clearInterval(timer);
      unsubscribe();
      resource.stop();
    };
  }, [resource, connection]);
  return resource;
}
