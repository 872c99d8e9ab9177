import { effect } from '@preact/signals';
import { render } from 'preact';
import type { PluginInfo } from '@stoa/sdk';
import { createApi } from './api/client';
import { App } from './components/app';
import { initial } from './initial';
import { adminPage } from './pages/admin';
import { SettingsPage } from './pages/settings';
import { enabledPlugins, PluginHost } from './plugins/host';
import { sdkFor } from './plugins/sdk';
import { RealtimeClient } from './realtime/client';
import type { RealtimeUser, SocketLike } from './realtime/frames';
import { watchPresence } from './realtime/watch';
import { router } from './router/router';
import { BrowserSession } from './session';
import { applySettings } from './settings';
import { listenForShortcuts } from './shortcuts';
import { keepTitle } from './title';

const kOwnLogoutMs = 500;

const session = new BrowserSession();
const api = createApi(session);

function socketUrl(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/realtime`;
}

const realtime = new RealtimeClient({
  connect: () => new WebSocket(socketUrl()) as SocketLike,
  welcomed: (user) => void reconcile(user),
  // At a logout of our own the answer is already on its way.
  ended: () => setTimeout(() => void (session.present() && session.renew()), kOwnLogoutMs),
});

/** The server took the connection for somebody else than this page did: an expired cookie, or a login elsewhere. */
async function reconcile(user: RealtimeUser | null): Promise<void> {
  const known = session.user.peek();
  if (!known) return;
  if (user?.id === known.id) {
    if (user.role !== known.role) session.update({ ...known, role: user.role as typeof known.role });
    return;
  }
  if (await session.renew()) realtime.restart();
}

const shell = { forum: initial.forum, session, api, realtime };
const host = new PluginHost((plugin) => sdkFor(shell, plugin));

router.add({ pattern: '/settings', plugin: 'stoa', page: { component: SettingsPage } });
router.add({ pattern: '/admin', plugin: 'stoa', page: { component: adminPage(api), members: true } });
router.start();
applySettings();
listenForShortcuts();

/** Another user, another connection. */
function followSession(): void {
  let known = session.user.peek()?.id;
  effect(() => {
    const now = session.user.value?.id;
    if (now === known) return;
    known = now;
    realtime.restart();
  });
}

async function start(): Promise<void> {
  if (session.present() && session.stale()) await session.renew();
  await host.apply(initial.plugins);
  if (session.present() && !enabledPlugins.value.some(({ id }) => id === 'auth')) session.user.value = null;
  const root = document.createElement('div');
  root.id = 'stoa';
  root.className = 'stoa-shell';
  render(<App forum={initial.forum} session={session} realtime={realtime.state} />, root);
  document.getElementById('stoa')?.replaceWith(root);
  router.shown();
  keepTitle();
  followSession();
  realtime.follow({
    channels: ['system'],
    event: ({ type, data }) => {
      if (type === 'plugins.changed') void host.apply((data as { items: PluginInfo[] }).items);
    },
    resync: () => void api.GET('/api/v1/plugins').then(({ data }) => data && host.apply(data.items)),
  });
  realtime.start();
  watchPresence(realtime);
}

void start();
