import type { ComponentChildren } from 'preact';
import { router } from '../router/router';
import { Icon, type IconName } from './icon';

/** A link to a page of the forum; plain text while no plugin answers that page. */
export function Link({ href, class: name, press, children }: { href: string; class?: string; press?: () => void; children?: ComponentChildren }) {
  if (!router.knows(href.split(/[?#]/)[0] ?? '/')) return <span class={name}>{children}</span>;
  return <a class={name} href={href} onClick={press}>{children}</a>;
}

interface NavLinkProps {
  href: string;
  icon: IconName;
  label: string;
  count?: number;
  /** Other paths that belong to it, by their beginning. */
  also?: readonly string[];
}

/** An entry of the navigation, at the side or at the bottom. */
export function NavLink({ href, icon, label, count = 0, also = [] }: NavLinkProps) {
  if (!router.knows(href)) return null;
  const { path } = router.place.value;
  const here = path === href || also.some((beginning) => path.startsWith(beginning));
  return (
    <a class="stoa-nav-link" href={href} aria-current={here ? 'page' : undefined}>
      <Icon name={icon} />
      <span class="stoa-nav-label">{label}</span>
      {count > 0 && (
        <span class="stoa-count">
          {count > 99 ? '99+' : count}
          <span class="stoa-hidden"> unread</span>
        </span>
      )}
    </a>
  );
}
