import type { Dispose, ForumInfo, PluginInfo, Sdk } from '@stoa/sdk';
import type { ApiClient } from '../api/client';
import type { RealtimeClient } from '../realtime/client';
import { router } from '../router/router';
import type { BrowserSession } from '../session';
import { addBadge } from '../title';
import { addShortcut } from '../shortcuts';
import { toast } from '../components/toasts';
import { takeInitial } from '../initial';
import type { Complain, SdkOfPlugin } from './activation';
import { contribute } from './outlets';
import { Registrations } from './registrations';

export interface Shell {
  readonly forum: ForumInfo;
  readonly session: BrowserSession;
  readonly api: ApiClient;
  readonly realtime: RealtimeClient;
  readonly complain: Complain;
}

/** The version of the contract in `sdk/types.ts`. */
const kVersion = '1.0';

/** The SDK of one activation; `dispose` takes back all that was registered through it. */
export function sdkFor(shell: Shell, plugin: PluginInfo): SdkOfPlugin {
  const registered = new Registrations((error) => shell.complain(plugin, 'dispose', error));
  const sdk: Sdk = {
    version: kVersion,
    plugin,
    forum: shell.forum,
    session: shell.session,
    api: shell.api,
    router,
    realtime: {
      state: shell.realtime.state,
      follow: (follow) => registered.add(() => shell.realtime.follow(follow)),
      send: (op, channel, fields) => shell.realtime.send(op, channel, fields),
    },
    page: (pattern, page) => registered.add(() => router.add({ pattern, plugin: plugin.id, page })),
    outlet: (name, contribution) => registered.add(() => contribute(name, plugin.id, contribution)),
    shortcut: (shortcut) => registered.add(() => addShortcut(shortcut)),
    styles: (css) => registered.add(() => adopt(css)),
    toast,
    badge: (count) => registered.add(() => addBadge(count)),
    initial: takeInitial,
  };
  return { sdk, dispose: () => registered.close() };
}

function adopt(css: string): Dispose {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return () => (document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet));
}
