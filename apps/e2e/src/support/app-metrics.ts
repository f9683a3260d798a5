const PATIENCE_MS = 5_000;

/** An app's metrics as Prometheus would get them; empty where it does not answer. */
export async function scrape(url: string): Promise<string> {
  try {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return await answer.text();
  } catch {
    return '';
  }
}

/** The sum of a metric over all its labels; 0 where there is none. */
export function totalOf(metrics: string, name: string): number {
  const values = metrics.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'));
  return [...values].reduce((sum, [, value]) => sum + Number(value), 0);
}
