/** The time zone all times of the page are shown in. */
export type Zone = 'utc' | 'local';

const ids: Readonly<Record<Zone, string>> = {
  utc: 'UTC',
  local: new Intl.DateTimeFormat().resolvedOptions().timeZone,
};

/** As people call it: `UTC`, `Europe/Berlin`. */
export const zoneName = (zone: Zone): string => ids[zone];

export type TimeStyle = 'second' | 'millisecond' | 'minute' | 'day' | 'month' | 'year' | 'full';

const parts: Readonly<Record<TimeStyle, Intl.DateTimeFormatOptions>> = {
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  millisecond: { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
  minute: { hour: '2-digit', minute: '2-digit' },
  day: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: 'numeric' },
  year: { year: 'numeric' },
  full: {
    year: 'numeric',
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  },
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** A time, ms since the epoch, in the zone: `09:30:00`, `1 Mar`, `01 Mar 2024, 09:30:00`. */
export function time(timeMs: number, zone: Zone, style: TimeStyle): string {
  const key = `${zone} ${style}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: ids[zone], hourCycle: 'h23', ...parts[style] });
    formats.set(key, format);
  }
  return format.format(timeMs);
}
