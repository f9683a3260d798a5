import { TickMarkType } from 'lightweight-charts';
import type { Time } from 'lightweight-charts';
import { time } from '../../core/format/zone.js';
import type { TimeStyle, Zone } from '../../core/format/zone.js';

const STYLES: Readonly<Record<TickMarkType, TimeStyle>> = {
  [TickMarkType.Year]: 'year',
  [TickMarkType.Month]: 'month',
  [TickMarkType.DayOfMonth]: 'day',
  [TickMarkType.Time]: 'minute',
  [TickMarkType.TimeWithSeconds]: 'second',
};

/** Our points are in s since the epoch; the library's type allows days too. */
const msOf = (point: Time): number => Number(point) * 1_000;

/** Labels of the time axis and of the crosshair, in the page's zone. */
export const timeFormatters = (
  zone: Zone,
): {
  tickMarkFormatter: (point: Time, type: TickMarkType) => string;
  timeFormatter: (point: Time) => string;
} => ({
  tickMarkFormatter: (point, type) => time(msOf(point), zone, STYLES[type]),
  timeFormatter: (point) => time(msOf(point), zone, 'full'),
});
