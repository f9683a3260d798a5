import type { EngineProcess } from './engine.js';
import { until } from './until.js';

/** Where the pipeline's apps listen, as `engine up` says once all of them are at work. */
export async function urlsOf(engine: EngineProcess): Promise<ReadonlyMap<string, string>> {
  const line = /^\s+(producer|bronze|silver|gold)\s+(\d+)$/gm;
  return until('the banner is there', () => {
    if (engine.hasExited) throw new Error(engine.complaint);
    const ports = [...engine.output.matchAll(line)];
    const found = new Map(ports.map(([, app = '', port = '']) => [app, `http://127.0.0.1:${port}`]));
    return found.size === 4 && found;
  });
}
