import type { Dispose, Sdk } from '@stoa/sdk';
import css from './chat.css';
import { conversationPage } from './conversation_page';
import { People } from './people';
import { messageButton, messagesLink, messagesPage, peoplePanel } from './people_panel';

export function activate(sdk: Sdk): Dispose {
  const people = new People(sdk);
  const shown = { sdk, people };
  sdk.styles(css);
  sdk.page('/messages', { component: messagesPage(shown), members: true });
  sdk.page('/messages/:id', { component: conversationPage(shown), members: true });
  sdk.outlet('sidebar.right', { component: peoplePanel(shown), order: 20 });
  sdk.outlet('nav.main', { component: messagesLink(shown), order: 30 });
  sdk.outlet('profile.actions', { component: messageButton(shown), order: 10 });
  sdk.badge(people.unread);
  sdk.shortcut({ keys: 'g m', label: 'Go to the messages', run: () => sdk.router.navigate('/messages') });
  let known: number | null | undefined;
  const stop = sdk.session.user.subscribe((user) => {
    const id = user?.id ?? null;
    if (id === known) return;
    known = id;
    void people.start(id);
  });
  return () => {
    stop();
    people.stop();
  };
}
