import { signal } from '@preact/signals';

const kUnits: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
  ['week', 604_800],
];
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** The time, renewed every half minute, so that "2 min ago" stays true. */
const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 30_000);

/** "3 min ago" for what is recent, the date for the rest. */
export function ago(time: string, at = Date.now()): string {
  const then = new Date(time);
  const seconds = Math.max(0, (at - then.getTime()) / 1000);
  if (seconds < 50) return 'just now';
  if (seconds > 4 * 604_800) return (then.getFullYear() === new Date(at).getFullYear() ? day : dayOfYear).format(then);
  const [unit, length] = [...kUnits].reverse().find(([, length]) => seconds >= length) ?? ['minute', 60];
  return relative.format(-Math.max(1, Math.floor(seconds / length)), unit);
}

export function TimeAgo({ time }: { time: string }) {
  return <time dateTime={time} title={exact.format(new Date(time))}>{ago(time, now.value)}</time>;
}

/** The hour for today, date and hour otherwise: for messages. */
export function Clock({ time }: { time: string }) {
  const then = new Date(time);
  const today = new Date(now.value).toDateString() === then.toDateString();
  return <time dateTime={time} title={exact.format(then)}>{today ? clock.format(then) : `${day.format(then)}, ${clock.format(then)}`}</time>;
}

/** "1 comment", "3 comments". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}
