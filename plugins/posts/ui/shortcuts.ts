import type { Posts } from './context';

function items(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('#app .stoa-card-title a, #app [data-comment]')];
}

/** Moves the focus to the next or the previous post or comment. */
function step(by: 1 | -1): void {
  const all = items();
  const focused = document.activeElement;
  const at = all.findIndex((item) => item === focused || item.contains(focused));
  const next = at < 0 ? (by > 0 ? all.find((item) => item.getBoundingClientRect().top > 60) : undefined) : all[at + by];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

function press(action: string): void {
  const near = document.activeElement?.closest('[data-comment]') ?? document.querySelector('.stoa-post');
  near?.querySelector<HTMLButtonElement>(`[data-action='${action}']`)?.click();
}

/** Answers the focused comment, or goes to the field under the post. */
function reply(): void {
  if (document.activeElement?.closest('[data-comment]')) return press('reply');
  document.querySelector<HTMLTextAreaElement>('.stoa-comments > form textarea')?.focus();
}

/** Quotes what is selected, or the whole of the focused comment. */
function quote(): void {
  const focused = document.activeElement?.closest('[data-comment]') ?? document.querySelector('.stoa-post');
  const text = getSelection()?.toString().trim() || focused?.querySelector<HTMLElement>('.stoa-prose')?.innerText.trim();
  const area = document.querySelector<HTMLTextAreaElement>('.stoa-comments > form textarea');
  if (!text || !area) return;
  area.focus();
  area.setRangeText(`${text.replace(/^/gm, '> ')}\n\n`, area.value.length, area.value.length, 'end');
  area.dispatchEvent(new Event('input', { bubbles: true }));
}

export function addShortcuts({ sdk, composer }: Posts): void {
  const go = (url: string) => () => sdk.router.navigate(url);
  const list: [string, string, () => void][] = [
    ['j', 'Next post or comment', () => step(1)],
    ['k', 'Previous post or comment', () => step(-1)],
    ['o', 'Open the post', () => (document.activeElement as HTMLElement | null)?.click()],
    ['u', 'Back to the list', go('/')],
    ['g h', 'Go to the latest posts', go('/')],
    ['c', 'Write a post', () => sdk.session.user.peek() && composer.write()],
    ['r', 'Answer', reply],
    ['q', 'Quote', quote],
    ['l', 'Like', () => press('like')],
    ['/', 'Search', () => (document.querySelector<HTMLInputElement>('[data-search]') ?? document.querySelector<HTMLInputElement>('#app [type=search]'))?.focus()],
  ];
  for (const [keys, label, run] of list) sdk.shortcut({ keys, label, run });
}
