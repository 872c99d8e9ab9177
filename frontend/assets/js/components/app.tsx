import type { ForumInfo, RealtimeState, Session } from '@stoa/sdk';
import type { ReadonlySignal } from '@preact/signals';
import { router } from '../router/router';
import { helpShown } from '../shortcuts';
import { Announcer } from './announcer';
import { NavLink } from './link';
import { Avatar } from './avatar';
import { Menu } from './menu';
import { Contributed, Outlet } from './outlet';
import { ShortcutHelp } from './shortcut_help';
import { Toasts } from './toasts';
import { Absent } from '../pages/absent';
import { MembersOnly } from '../pages/members_only';

interface AppProps {
  forum: ForumInfo;
  session: Session;
  realtime: ReadonlySignal<RealtimeState>;
}

const kOpenPages = ['/login', '/register', '/setup'];

function Page({ forum, session }: AppProps) {
  const { path, query } = router.place.value;
  const found = router.current.value;
  const stranger = !session.user.value;
  if (stranger && !kOpenPages.includes(path) && (forum.private || found?.page.page.members)) return <MembersOnly forum={forum} />;
  if (!found) return <Absent />;
  const { page, params } = found;
  // Another subject is another page: nothing of the last one may linger. An optional part, as a post's slug, is no subject.
  const subject = Object.entries(params).filter(([name]) => !page.pattern.includes(`:${name}?`)).join();
  const part = { key: `${page.key} ${subject}`, plugin: page.plugin, title: '', contribution: page.page };
  return <Contributed key={part.key} part={part} context={{ params, query }} />;
}

function Account({ session }: { session: Session }) {
  const user = session.user.value;
  if (!user) return <Outlet name="user.guest" context={{}} />;
  return (
    <Menu label={`Account of ${user.nickname}`} class="stoa-account" trigger={<Avatar name={user.nickname} url={user.avatar_url} />}>
      <p class="stoa-menu-title">{user.nickname}</p>
      <Outlet name="user.menu" context={{}} />
    </Menu>
  );
}

function Offline({ state }: { state: ReadonlySignal<RealtimeState> }) {
  if (state.value !== 'offline') return null;
  return (
    <div class="stoa-banner" role="status">
      No connection. What you see may be old; it catches up by itself.
    </div>
  );
}

function SideNav({ session }: { session: Session }) {
  return (
    <nav class="stoa-left" aria-label="Forum">
      <div class="stoa-left-inner">
        <Outlet name="nav.main" context={{ place: 'side' }} />
        {session.user.value?.role === 'admin' && <NavLink href="/admin" icon="shield" label="Administration" />}
        <Outlet name="sidebar.left" context={{}} />
      </div>
    </nav>
  );
}

/** The frame of every page. */
export function App(props: AppProps) {
  const { forum, session, realtime } = props;
  const locked = forum.private && !session.user.value;
  return (
    <>
      <a class="stoa-skip" href="#app">Skip to the content</a>
      <header class="stoa-top">
        <div class="stoa-top-inner">
          <a class="stoa-brand" href="/">
            <span class="stoa-brand-mark" aria-hidden="true" />
            <span class="stoa-brand-name">{forum.name}</span>
          </a>
          <div class="stoa-top-search">{!locked && <Outlet name="top.search" context={{}} />}</div>
          <div class="stoa-top-actions">
            {!locked && <Outlet name="top.actions" context={{}} />}
            <Account session={session} />
          </div>
        </div>
      </header>
      <Offline state={realtime} />
      <div class="stoa-columns">
        {locked ? <div class="stoa-left" /> : <SideNav session={session} />}
        <main id="app" class="stoa-main" tabIndex={-1}>
          <Page {...props} />
        </main>
        <aside class="stoa-right" aria-label="Side panel">
          {!locked && <Outlet name="sidebar.right" context={{}} />}
        </aside>
      </div>
      <div class="stoa-bottom">
        <Outlet name="dock" context={{}} />
        {!locked && (
          <nav class="stoa-bottom-bar" aria-label="Sections">
            <Outlet name="nav.main" context={{ place: 'bottom' }} />
          </nav>
        )}
      </div>
      {helpShown.value && <ShortcutHelp close={() => (helpShown.value = false)} />}
      <Toasts />
      <Announcer />
    </>
  );
}
