/** Adds the counts of `more` to `total`. */
export function addVerdicts(total: Map<string, number>, more: ReadonlyMap<string, number>): void {
  for (const [verdict, count] of more) total.set(verdict, (total.get(verdict) ?? 0) + count);
}
