import { signal } from '@preact/signals';
import { dayName, fullDate, shortDate, stamp } from '../utils/dates';

const kUnits: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
  ['week', 604_800],
];
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });

/** The time, renewed every half minute, so that "2 min ago" stays true. */
const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 30_000);

/** "3 min ago" for what is recent, the date for the rest. */
export function ago(time: string, at = Date.now()): string {
  const then = new Date(time);
  const seconds = Math.max(0, (at - then.getTime()) / 1000);
  if (seconds < 50) return 'just now';
  if (seconds > 4 * 604_800) return shortDate(then, new Date(at));
  const [unit, length] = [...kUnits].reverse().find(([, length]) => seconds >= length) ?? ['minute', 60];
  return relative.format(-Math.max(1, Math.floor(seconds / length)), unit);
}

/** How long ago it was, kept true; `time` is RFC 3339. */
export function TimeAgo({ time }: { time: string }) {
  return <time dateTime={time} title={fullDate(new Date(time))}>{ago(time, now.value)}</time>;
}

/** The date and the hour, always both: for messages. */
export function Stamp({ time }: { time: string }) {
  const then = new Date(time);
  return <time dateTime={time} title={fullDate(then)}>{stamp(then, new Date(now.value))}</time>;
}

/** "Today", "Yesterday" or the date: for above what happened on that day. */
export function DayName({ time }: { time: string }) {
  return <>{dayName(new Date(time), new Date(now.value))}</>;
}

/** "1 comment", "3 comments". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}
