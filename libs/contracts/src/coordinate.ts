/** Where a row stands: the record's offset, and which of that record's rows it is. The offset alone is not enough. */
export interface Coordinate {
  readonly offset: number;
  readonly index: number;
}

/** Below 0 when `a` comes before `b`, 0 when they are the same place. */
export function compareCoordinates(a: Coordinate, b: Coordinate): number {
  return a.offset - b.offset || a.index - b.index;
}

/** As in messages and error texts: `5.0`; null is the place before the first row. */
export function showCoordinate(coordinate: Coordinate | null): string {
  return coordinate === null ? 'none' : `${coordinate.offset}.${coordinate.index}`;
}
