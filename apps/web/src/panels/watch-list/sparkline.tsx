import type { JSX } from 'react';
import { sparklinePath } from '../../core/sparkline.js';

const WIDTH = 72;
const HEIGHT = 20;

export function Sparkline({ values }: { readonly values: readonly number[] }): JSX.Element {
  return (
    <svg
      className="sparkline"
      viewBox={`-1 -1 ${WIDTH + 2} ${HEIGHT + 2}`}
      aria-hidden="true"
      focusable="false"
    >
      <path d={sparklinePath(values, WIDTH, HEIGHT)} />
    </svg>
  );
}
