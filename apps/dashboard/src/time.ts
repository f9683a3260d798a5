/** µs since the epoch as ISO-8601 in UTC, with all six digits: `2024-03-01T09:30:00.123456Z`. */
export function isoTime(timeUs: number): string {
  const micros = ((timeUs % 1000) + 1000) % 1000;
  const instant = new Date((timeUs - micros) / 1000).toISOString();
  return instant.replace('Z', `${String(micros).padStart(3, '0')}Z`);
}
