import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { initial } from './initial';
import { titleOf } from './utils/titles';

/** The name of the page that is shown. */
export const pageTitle = signal('');
const badges = signal<readonly ReadonlySignal<number>[]>([]);

export function addBadge(count: ReadonlySignal<number>): () => void {
  badges.value = [...badges.peek(), count];
  return () => (badges.value = badges.peek().filter((one) => one !== count));
}

/** Keeps the window's title: unread count, page, forum. */
export function keepTitle(): void {
  effect(() => {
    // A message counts in the chat and as a notification: the greater number, not the sum.
    const unread = Math.max(0, ...badges.value.map((badge) => badge.value));
    const page = pageTitle.value;
    const title = titleOf(page, initial.forum.name);
    if (page || unread) document.title = unread ? `(${unread}) ${title}` : title;
  });
}
