import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { announce } from './announcer';
import { pageTitle } from '../title';
import { router } from '../router/router';

let headedVisit = 0;

/** Names the page that is shown: the window's title, and after a navigation what is announced, and focused. */
export function headed(title: string, heading: HTMLElement | null): void {
  pageTitle.value = title;
  if (headedVisit === router.visits.peek()) return;
  headedVisit = router.visits.peek();
  if (!location.hash) heading?.focus({ preventScroll: true });
  announce(title);
}

/** The name of the page: its h1, the window's title, and what is announced and focused after a navigation. */
export function Heading({ title, children, hidden = false }: { title: string; children?: ComponentChildren; hidden?: boolean }) {
  const element = useRef<HTMLHeadingElement>(null);
  useEffect(() => headed(title, element.current), [title]);
  return (
    <h1 class={hidden ? 'stoa-hidden' : 'stoa-heading'} tabIndex={-1} ref={element}>
      {children ?? title}
    </h1>
  );
}
