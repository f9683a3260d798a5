import type { JSX } from 'react';
import { time } from '../core/format/zone.js';
import type { TimeStyle } from '../core/format/zone.js';
import { preferences } from './preferences.js';
import { useStore } from './use-store.js';

/** A time in the page's zone; pointing at it shows it in ISO-8601. */
export function Moment({
  at,
  style = 'second',
}: {
  readonly at: string;
  readonly style?: TimeStyle;
}): JSX.Element {
  const { zone } = useStore(preferences);
  return (
    <time dateTime={at} title={at}>
      {time(Date.parse(at), zone, style)}
    </time>
  );
}
