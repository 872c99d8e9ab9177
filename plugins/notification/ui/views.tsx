import { Avatar, Button, Empty, Failure, Heading, Icon, IconButton, Link, Menu, NavLink, Skeleton, TimeAgo, type OutletContexts, type Sdk } from '@stoa/sdk';
import { useState } from 'preact/hooks';
import type { Inbox, Notification } from './inbox';
import { sentence } from './sentence';

interface Shown {
  sdk: Sdk;
  inbox: Inbox;
}

const kInMenu = 6;

function Row({ inbox, notification, removable = false }: { inbox: Inbox; notification: Notification; removable?: boolean }) {
  const { actors, subject, created_at, read } = notification;
  return (
    <li class="stoa-notification-row" data-unread={!read || undefined}>
      <Avatar name={actors[0]?.nickname ?? '?'} url={actors[0]?.avatar_url} />
      <div class="stoa-row-main">
        <Link href={subject.url} press={() => void inbox.opened(notification)}>
          {!read && <span class="stoa-hidden">Unread: </span>}
          {sentence(notification)}
        </Link>
        <span class="stoa-row-sub"><TimeAgo time={created_at} /></span>
      </div>
      {removable && <IconButton icon="close" label="Remove this notification" onClick={() => void inbox.remove(notification)} />}
    </li>
  );
}

/** The bell in the head of every page. */
export function bell({ sdk, inbox }: Shown) {
  return function Bell() {
    if (!sdk.session.user.value) return null;
    const unread = inbox.unread.value;
    const items = inbox.items.value ?? [];
    const trigger = (
      <>
        <Icon name="bell" />
        {unread > 0 && <span class="stoa-count" aria-hidden="true">{unread > 99 ? '99+' : unread}</span>}
      </>
    );
    return (
      <Menu class="stoa-notification-bell" label={unread ? `Notifications, ${unread} unread` : 'Notifications'} trigger={trigger}>
        <ul class="stoa-notification-menu">
          {items.slice(0, kInMenu).map((notification) => <Row key={notification.id} inbox={inbox} notification={notification} />)}
        </ul>
        {!items.length && <p class="stoa-menu-title stoa-hint">Nothing has happened yet.</p>}
        <a class="stoa-menu-item" href="/notifications">All notifications</a>
      </Menu>
    );
  };
}

export function notificationsLink({ sdk, inbox }: Shown) {
  return function NotificationsLink({ place }: OutletContexts['nav.main']) {
    if (!sdk.session.user.value) return null;
    return <NavLink href="/notifications" icon="bell" label={place === 'side' ? 'Notifications' : 'Alerts'} count={inbox.unread.value} />;
  };
}

export function notificationsPage({ inbox }: Shown) {
  return function NotificationsPage() {
    const [onlyUnread, setOnlyUnread] = useState(false);
    const items = inbox.items.value?.filter(({ read }) => !onlyUnread || !read);
    return (
      <>
        <Heading title="Notifications" />
        {(inbox.items.value?.length ?? 0) > 0 && (
          <div class="stoa-form-end">
            <Button aria-pressed={onlyUnread} onClick={() => setOnlyUnread(!onlyUnread)}>Only unread</Button>
            <Button kind="quiet" disabled={inbox.unread.value === 0} onClick={() => void inbox.readAll()}>Mark all as read</Button>
          </div>
        )}
        {inbox.error.value ? <Failure error={inbox.error.value} retry={() => void inbox.load()} />
          : !items ? <Skeleton rows={5} />
          : !items.length ? <Empty icon="bell" title={onlyUnread ? 'Nothing is unread.' : 'Nothing has happened yet.'}><p>Answers, mentions, likes and messages are listed here.</p></Empty>
          : <ul class="stoa-notification-list">{items.map((notification) => <Row key={notification.id} inbox={inbox} notification={notification} removable />)}</ul>}
        {inbox.next.value && <div class="stoa-more"><Button onClick={() => void inbox.more()}>Show more</Button></div>}
      </>
    );
  };
}
