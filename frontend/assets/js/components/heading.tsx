import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { announce } from './announcer';
import { pageTitle } from '../title';
import { router } from '../router/router';

let headedVisit = 0;

/** The name of the page: its h1, the window's title, and what is announced and focused after a navigation. */
export function Heading({ title, children, hidden = false }: { title: string; children?: ComponentChildren; hidden?: boolean }) {
  const element = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    pageTitle.value = title;
    if (headedVisit === router.visits.peek()) return;
    headedVisit = router.visits.peek();
    if (!location.hash) element.current?.focus({ preventScroll: true });
    announce(title);
  }, [title]);
  return (
    <h1 class={hidden ? 'stoa-hidden' : 'stoa-heading'} tabIndex={-1} ref={element}>
      {children ?? title}
    </h1>
  );
}
