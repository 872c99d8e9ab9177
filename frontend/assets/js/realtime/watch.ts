import type { RealtimeClient } from './client';

const kIdleAfterMs = 5 * 60_000;

/** Tells the server when nobody touches the page, and looks after the connection when the browser says it changed. */
export function watchPresence(realtime: RealtimeClient): void {
  let idle = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const touched = () => {
    clearTimeout(timer);
    timer = setTimeout(() => realtime.idle((idle = true)), kIdleAfterMs);
    if (idle) realtime.idle((idle = false));
  };
  for (const name of ['pointerdown', 'keydown', 'scroll', 'pointermove']) addEventListener(name, touched, { passive: true });
  touched();
  addEventListener('online', () => void realtime.probe());
  addEventListener('offline', () => void realtime.probe());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void realtime.probe();
  });
}
