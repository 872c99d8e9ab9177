import type { Dispose, ForumInfo, PluginInfo, Sdk } from '@stoa/sdk';
import type { ApiClient } from '../api/client';
import type { RealtimeClient } from '../realtime/client';
import { router } from '../router/router';
import type { BrowserSession } from '../session';
import { addBadge } from '../title';
import { addShortcut } from '../shortcuts';
import { toast } from '../components/toasts';
import { takeInitial } from '../initial';
import { contribute } from './outlets';

export interface Shell {
  readonly forum: ForumInfo;
  readonly session: BrowserSession;
  readonly api: ApiClient;
  readonly realtime: RealtimeClient;
}

/** The SDK of one plugin; `dispose` takes back all that was registered through it. */
export function sdkFor(shell: Shell, plugin: PluginInfo): { sdk: Sdk; dispose: Dispose } {
  const registered = new Set<Dispose>();
  const keep = (dispose: Dispose): Dispose => {
    const once = () => {
      if (registered.delete(once)) dispose();
    };
    registered.add(once);
    return once;
  };
  const sdk: Sdk = {
    plugin,
    forum: shell.forum,
    session: shell.session,
    api: shell.api,
    router,
    realtime: {
      state: shell.realtime.state,
      follow: (follow) => keep(shell.realtime.follow(follow)),
      send: (op, channel, fields) => shell.realtime.send(op, channel, fields),
    },
    page: (pattern, page) => keep(router.add({ pattern, plugin: plugin.id, page })),
    outlet: (name, contribution) => keep(contribute(name, plugin.id, contribution)),
    shortcut: (shortcut) => keep(addShortcut(shortcut)),
    styles: (css) => keep(adopt(css)),
    toast,
    badge: (count) => keep(addBadge(count)),
    initial: takeInitial,
  };
  return { sdk, dispose: () => [...registered].forEach((dispose) => dispose()) };
}

function adopt(css: string): Dispose {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return () => (document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet));
}
