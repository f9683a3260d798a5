/** Per lane: the offset of `gold-updates` to be read next. */
export type LanePosition = readonly number[];

/** The id of an event: which log (a replaced one counts from 0 again), and where in it. `1f0a9c3e:12.5.88.3` */
export const encodePosition = (log: string, position: LanePosition): string => `${log}:${position.join('.')}`;

/** undefined: not one of our ids, or of another log. */
export function parsePosition(text: string, log: string, lanes: number): LanePosition | undefined {
  const [, ofLog, offsets] = /^([0-9a-f]{8}):(\d{1,15}(?:\.\d{1,15})*)$/.exec(text) ?? [];
  const position = offsets?.split('.').map(Number) ?? [];
  return ofLog === log && position.length === lanes ? position : undefined;
}
