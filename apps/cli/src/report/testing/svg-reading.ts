/** The points of the lines drawn in a colour, in pixels. */
export function linePixels(svg: string, colour: string): readonly (readonly [number, number])[][] {
  const paths = [...svg.matchAll(/<path d="([^"]*)"[^>]*>/g)];
  return paths
    .filter(([tag]) => tag.includes(`stroke="${colour}"`))
    .map(([, data = '']) =>
      [...data.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const),
    );
}

/** What a height in a picture stands for, by the numbers written at its vertical axis. */
export function valueAt(svg: string): (y: number) => number {
  const labels = [...svg.matchAll(/text-anchor="end"[^>]*translate\([\d.]+ ([\d.]+)\)[^>]*>([^<]+)</g)].map(
    ([, y, text]) => ({ y: Number(y), value: Number(text?.replaceAll(/[,%\s]/g, '')) }),
  );
  const [low, high] = [labels[0], labels.at(-1)];
  if (low === undefined || high === undefined || low === high) throw new Error('The picture has no axis');
  return (y) => low.value + ((y - low.y) / (high.y - low.y)) * (high.value - low.value);
}
