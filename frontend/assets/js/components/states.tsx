import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { explain } from '../api/problem';
import { Button } from './button';
import { Icon, type IconName } from './icon';

const kSkeletonAfterMs = 200;

/** Grey bars in the place of what is being loaded, but only when it takes long enough to be noticed. */
export function Skeleton({ rows = 4 }: { rows?: number }) {
  const [shown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), kSkeletonAfterMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="stoa-skeleton" aria-busy="true">
      <span class="stoa-hidden">Loading</span>
      {shown && Array.from({ length: rows }, (_, row) => <div key={row} class="stoa-skeleton-row" />)}
    </div>
  );
}

/** What to show where there is nothing: what this place is for, and what to do next. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="stoa-empty">
      <Icon name={icon} />
      <p class="stoa-empty-title">{title}</p>
      {children && <div class="stoa-empty-more">{children}</div>}
    </div>
  );
}

/** A problem, said in place, with a way to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  return (
    <div class="stoa-failure" role="alert">
      <p>{explain(error)}</p>
      {retry && <Button onClick={retry}>Try again</Button>}
    </div>
  );
}
