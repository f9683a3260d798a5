/** A symbol's accepted ticks of one UTC day, by event time: the first and the last. */
export interface SymbolDay {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly firstUs: number;
  readonly first: number;
  readonly lastUs: number;
  readonly last: number;
}

/** The newest day of a symbol, and the day before it that had ticks. */
export interface RecentDays {
  readonly newest: SymbolDay;
  readonly before: SymbolDay | undefined;
}

/** `later` comes from later in the lane: at equal event times its tick is the later one. */
export const mergeDay = (earlier: SymbolDay, later: SymbolDay): SymbolDay => {
  const opening = later.firstUs < earlier.firstUs ? later : earlier;
  const closing = later.lastUs >= earlier.lastUs ? later : earlier;
  return {
    day: earlier.day,
    firstUs: opening.firstUs,
    first: opening.first,
    lastUs: closing.lastUs,
    last: closing.last,
  };
};

/** Folds a day's ticks in. Of days before the two newest nothing is kept. */
export function addDay(known: RecentDays | undefined, day: SymbolDay): RecentDays {
  if (known === undefined) return { newest: day, before: undefined };
  const { newest, before } = known;
  if (day.day > newest.day) return { newest: day, before: newest };
  if (day.day === newest.day) return { newest: mergeDay(newest, day), before };
  if (before === undefined || day.day > before.day) return { newest, before: day };
  return day.day === before.day ? { newest, before: mergeDay(before, day) } : known;
}
