// Dates as people read them, in the language and time zone of the browser.

export interface DateFormats {
  /** BCP 47; the browser's own without it. */
  readonly locale?: string;
  readonly timeZone?: string;
}

const kHourMs = 3_600_000;
const kFormatters = new Map<string, Intl.DateTimeFormat>();

function formatter(options: Intl.DateTimeFormatOptions, { locale, timeZone }: DateFormats): Intl.DateTimeFormat {
  const key = JSON.stringify([options, locale, timeZone]);
  let known = kFormatters.get(key);
  if (!known) kFormatters.set(key, (known = new Intl.DateTimeFormat(locale, { ...options, ...(timeZone && { timeZone }) })));
  return known;
}

/** Which day it is, as something to compare. */
export function dayOf(time: Date, formats: DateFormats = {}): string {
  return formatter({ day: 'numeric', month: 'numeric', year: 'numeric' }, formats).format(time);
}

function yearOf(time: Date, formats: DateFormats): string {
  return formatter({ year: 'numeric' }, formats).format(time);
}

/** "23 Nov", and the year where it is not this one. */
export function shortDate(time: Date, now: Date, formats: DateFormats = {}): string {
  const year = yearOf(time, formats) === yearOf(now, formats) ? {} : { year: 'numeric' as const };
  return formatter({ day: 'numeric', month: 'short', ...year }, formats).format(time);
}

/** "23 Nov, 09:57": always the date, always the hour. */
export function stamp(time: Date, now: Date, formats: DateFormats = {}): string {
  return `${shortDate(time, now, formats)}, ${formatter({ hour: '2-digit', minute: '2-digit' }, formats).format(time)}`;
}

/** "Monday, 23 November 2026 at 09:57". */
export function fullDate(time: Date, formats: DateFormats = {}): string {
  return formatter({ dateStyle: 'full', timeStyle: 'short' }, formats).format(time);
}

/** What a day is called above what happened on it: "Today", "Yesterday", or the date with its weekday. */
export function dayName(time: Date, now: Date, formats: DateFormats = {}): string {
  const day = dayOf(time, formats);
  const today = dayOf(now, formats);
  if (day === today) return 'Today';
  // By the hour, since days of 23 and 25 hours exist.
  let before = now;
  while (dayOf(before, formats) === today) before = new Date(before.getTime() - kHourMs);
  if (day === dayOf(before, formats)) return 'Yesterday';
  return formatter({ dateStyle: 'full' }, formats).format(time);
}
