import { signal } from '@preact/signals';

const polite = signal('');
const assertive = signal('');

/** Has a screen reader say something. */
export function announce(text: string, urgent = false): void {
  const region = urgent ? assertive : polite;
  // The same text twice must be said twice.
  region.value = region.peek() === text ? `${text}\u00a0` : text;
}

export function Announcer() {
  return (
    <div class="stoa-hidden">
      <div aria-live="polite">{polite}</div>
      <div aria-live="assertive">{assertive}</div>
    </div>
  );
}
