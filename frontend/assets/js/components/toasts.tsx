import { signal } from '@preact/signals';
import type { ToastOptions } from '@stoa/sdk';
import { announce } from './announcer';
import { Button, IconButton } from './button';

interface Toast extends ToastOptions {
  id: number;
  text: string;
}

const kShownMs = 6_000;
const kShownWithActionMs = 10_000;
const toasts = signal<readonly Toast[]>([]);
let last = 0;

function remove(id: number): void {
  toasts.value = toasts.peek().filter((toast) => toast.id !== id);
}

/** A short message at the edge of the window. */
export function toast(text: string, options: ToastOptions = {}): void {
  const id = ++last;
  toasts.value = [...toasts.peek().slice(-2), { id, text, ...options }];
  announce(text, options.kind === 'problem');
  setTimeout(() => remove(id), options.action ? kShownWithActionMs : kShownMs);
}

export function Toasts() {
  if (!toasts.value.length) return null;
  return (
    <section class="stoa-toasts" aria-label="Messages">
      {toasts.value.map(({ id, text, kind = 'info', action }) => (
        <div key={id} class={`stoa-toast stoa-toast-${kind}`}>
          <span>{text}</span>
          {action && <Button kind="quiet" onClick={() => (remove(id), action.run())}>{action.label}</Button>}
          <IconButton icon="close" label="Dismiss" onClick={() => remove(id)} />
        </div>
      ))}
    </section>
  );
}
