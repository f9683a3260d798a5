const [FEWEST, MOST] = [2, 8];

/** Digits behind the point that show all prices as they were quoted, within bounds. */
export const pricePrecision = (prices: readonly number[]): number =>
  Math.max(FEWEST, ...prices.map((price) => Math.min(MOST, digitsBehindPoint(price))));

/** Of the shortest text that reads back as the number: `1e-7` has seven. */
function digitsBehindPoint(price: number): number {
  const [mantissa = '', exponent = '0'] = String(price).split('e');
  return Math.max(0, (mantissa.split('.')[1] ?? '').length - Number(exponent));
}
