import { batch, effect } from '@preact/signals';
import { render } from 'preact';
import type { PluginInfo, PluginModule, RealtimeEvent } from '@stoa/sdk';
import { createApi } from './api/client';
import { App } from './components/app';
import { initial } from './initial';
import { adminPage } from './pages/admin';
import { SettingsPage } from './pages/settings';
import { toast } from './components/toasts';
import type { Complain } from './plugins/activation';
import { kFaults } from './plugins/faults';
import { PluginHost } from './plugins/host';
import { failed, heardOf, isEnabled, settled } from './plugins/known';
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
/** A plugin that takes longer to start comes when it comes; the page does not wait for it. */
const kFirstPaintMs = 3_000;

const session = new BrowserSession();
const api = createApi(session);

function socketUrl(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/realtime`;
}

const realtime = new RealtimeClient({
  connect: () => new WebSocket(socketUrl()) as SocketLike,
  welcomed,
  // At a logout of our own the answer is already on its way.
  ended: () => setTimeout(() => void (session.present() && session.renew()), kOwnLogoutMs),
});

let connections = 0;

/** While the line was down the server may have been started anew, with other plugins. */
function welcomed(user: RealtimeUser | null): void {
  if (++connections > 1) void refreshPlugins();
  void reconcile(user);
}

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

const complain: Complain = (plugin, fault, error) => {
  console.error(`The plugin ${plugin.id} ${kFaults[fault]} (${plugin.ui?.module}).`, error);
  if (fault === 'dispose') return;
  failed(plugin, fault, error);
  toast(`The plugin “${plugin.name}” ${kFaults[fault]}. Everything else works.`, { kind: 'problem' });
};
const shell = { forum: initial.forum, session, api, realtime, complain };
const host = new PluginHost({
  sdkFor: (plugin) => sdkFor(shell, plugin),
  fetchModule: (url) => import(/* @vite-ignore */ url) as Promise<PluginModule>,
  complain,
  settled,
});
let heard = 0;

/** Shows what the server runs now: in one step, so that no page is drawn half way. */
function applyPlugins(plugins: readonly PluginInfo[]): Promise<void> {
  heard += 1;
  return batch(() => {
    heardOf(plugins);
    return host.apply(plugins);
  });
}

/** Asks what the server runs; an answer that something newer has overtaken is dropped. */
async function refreshPlugins(): Promise<void> {
  const before = heard;
  try {
    const { data } = await api.GET('/api/v1/plugins');
    if (data && heard === before) await applyPlugins(data.items);
  } catch {
    // No connection: the next one asks again.
  }
}

function systemEvent({ type, data, replay }: RealtimeEvent): void {
  if (type !== 'plugins.changed') return;
  // What is replayed may be several changes old.
  if (replay) void refreshPlugins();
  else void applyPlugins((data as { items: PluginInfo[] }).items);
}

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
  await Promise.race([applyPlugins(initial.plugins), new Promise((resolve) => setTimeout(resolve, kFirstPaintMs))]);
  effect(() => session.setAway(!isEnabled('auth')));
  const root = document.createElement('div');
  root.id = 'stoa';
  root.className = 'stoa-shell';
  render(<App forum={initial.forum} session={session} realtime={realtime.state} />, root);
  document.getElementById('stoa')?.replaceWith(root);
  router.shown();
  keepTitle();
  followSession();
  realtime.follow({ channels: ['system'], since: initial.seq || undefined, event: systemEvent, resync: () => void refreshPlugins() });
  realtime.start();
  watchPresence(realtime);
}

void start();
