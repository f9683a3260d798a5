/** An SVG path through the values, the oldest at x = 0, the newest at `width`, the highest at the top. */
export function sparklinePath(values: readonly number[], width: number, height: number): string {
  if (values.length < 2) return '';
  const low = Math.min(...values);
  const high = Math.max(...values);
  const x = (at: number): number => (at / (values.length - 1)) * width;
  // Prices that stand still are a line through the middle.
  const y = (value: number): number =>
    high === low ? height / 2 : height - ((value - low) / (high - low)) * height;
  return values
    .map((value, at) => `${at === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('');
}
