/** The pictures' colours, in light and in dark. */
const colours = {
  panel: ['#ffffff', '#11151b'],
  text: ['#161b22', '#dbe1e9'],
  muted: ['#55606e', '#929dac'],
  grid: ['#e3e7ec', '#232b35'],
  price: ['#1b5cc8', '#6ba6ff'],
  average: ['#9a5708', '#e0a04a'],
  volume: ['#8fa3bd', '#56687f'],
  drawdown: ['#c02739', '#f2707d'],
} as const;

type ColourName = keyof typeof colours;

/** As drawn: the light ones. `darkRules` turns them where the reader likes it dark. */
export const palette = Object.fromEntries(
  Object.entries(colours).map(([name, [light]]) => [name, light]),
) as Readonly<Record<ColourName, string>>;

/** Of correlations from -1 over 0 to 1; the same in light and dark, with black text readable on each. */
export const correlationScale = ['#f0a58a', '#ffffff', '#8db4f0'] as const;

/** Style rules of a picture: where it is dark, each colour's other one. */
export const darkRules = (): string =>
  `@media (prefers-color-scheme:dark){${Object.values(colours)
    .flatMap(([light, dark]) => ['fill', 'stroke'].map((part) => `[${part}="${light}"]{${part}:${dark}}`))
    .join('')}}`;

/** `light` or `dark` values of all colours as custom properties, for the page around the pictures. */
export const customProperties = (theme: 'light' | 'dark'): string =>
  Object.entries(colours)
    .map(([name, [light, dark]]) => `--${name}:${theme === 'light' ? light : dark}`)
    .join(';');
