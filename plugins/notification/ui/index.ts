import type { Dispose, Sdk } from '@stoa/sdk';
import { Inbox } from './inbox';
import css from './notification.css';
import { preferencesSection } from './preferences';
import { subscription } from './subscription';
import { bell, notificationsLink, notificationsPage } from './views';

export function activate(sdk: Sdk): Dispose {
  const inbox = new Inbox(sdk);
  const shown = { sdk, inbox };
  sdk.styles(css);
  sdk.page('/notifications', { component: notificationsPage(shown), members: true });
  sdk.outlet('top.actions', { component: bell(shown), order: 50 });
  sdk.outlet('nav.main', { component: notificationsLink(shown), order: 40 });
  sdk.outlet('post.actions', { component: subscription(sdk), order: 50 });
  sdk.outlet('settings.sections', { component: preferencesSection(sdk), title: 'Notifications', order: 50 });
  sdk.badge(inbox.unread);
  sdk.shortcut({ keys: 'g n', label: 'Go to the notifications', run: () => sdk.router.navigate('/notifications') });
  let known: number | null | undefined;
  const stop = sdk.session.user.subscribe((user) => {
    const id = user?.id ?? null;
    if (id === known) return;
    known = id;
    void inbox.start(id);
  });
  return () => {
    stop();
    inbox.stop();
  };
}
