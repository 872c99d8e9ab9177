// The contract between the shell and a plugin's user interface.
import type { ComponentType } from 'preact';
import type { ReadonlySignal } from '@preact/signals';
import type { ApiClient, Schemas } from '../assets/js/api/client';

/** Takes back what was registered; calling it twice does nothing. */
export type Dispose = () => void;

/** A plugin's module: `export default`-less, one function. */
export interface PluginModule {
  /** Called once the module is loaded. What is registered through `sdk` is taken back by the shell; return a function for the rest. */
  activate(sdk: Sdk): Dispose | void | Promise<Dispose | void>;
}

export type PluginInfo = Schemas['Plugin'];

export interface ForumInfo {
  readonly name: string;
  /** Only members may read. */
  readonly private: boolean;
  readonly base_url: string;
}

/** Whoever uses this browser. The private fields are there when the server sent them. */
export type SessionUser = Schemas['OwnUser'];

export interface Session {
  /** Null for a stranger. */
  readonly user: ReadonlySignal<SessionUser | null>;
  /** To be called with what registering, logging in or setting up answered. */
  signedIn(answer: Schemas['SignedIn']): void;
  /** To be called once the server ended the session. */
  signedOut(): void;
  /** Replaces what is known about the user, after an edit of the profile. */
  update(user: SessionUser): void;
}

/** Where the browser is. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
  /** With its `#`, or empty. */
  readonly hash: string;
}

export interface Router {
  readonly place: ReadonlySignal<Place>;
  navigate(url: string, options?: { replace?: boolean }): void;
  /** Changes the address of the page that is shown, and nothing else: to follow what is in view. */
  relabel(url: string): void;
  /** Whether some page answers this path. Reactive: plugins come and go. */
  knows(path: string): boolean;
}

export interface RealtimeEvent<T = unknown> {
  readonly seq: number;
  readonly channels: readonly string[];
  readonly type: string;
  readonly time: string;
  readonly data: T;
  /** Happened before the channel was joined. */
  readonly replay?: boolean;
}

export interface RealtimeEphemeral<T = unknown> {
  readonly channel: string;
  readonly type: string;
  readonly data: T;
}

/** What to hear. Handlers must bear seeing the same state twice: apply, never add up. */
export interface Follow {
  readonly channels: readonly string[];
  /** `Stoa-Seq` of the snapshot on screen; without it, only what happens from now on. */
  readonly since?: number | undefined;
  event?(event: RealtimeEvent): void;
  ephemeral?(message: RealtimeEphemeral): void;
  /** Too much was missed: fetch the snapshot again. */
  resync?(): void;
  /** The server will not send these channels (any more). */
  closed?(reason: string): void;
}

export type RealtimeState = 'connecting' | 'online' | 'offline';

export interface Realtime {
  readonly state: ReadonlySignal<RealtimeState>;
  /** Follows channels across reconnections, nothing lost and nothing twice. */
  follow(follow: Follow): Dispose;
  /** Sends a message to the plugin owning the channel; dropped when there is no connection. */
  send(op: string, channel: string, fields?: Record<string, unknown>): void;
}

/** What each outlet hands to its contributions. */
export interface OutletContexts {
  /** `place`: the column at the side of a desk-sized window, or the bar at the bottom of a phone. */
  'nav.main': { place: 'side' | 'bottom' };
  'sidebar.left': Record<string, never>;
  'sidebar.right': Record<string, never>;
  'top.search': Record<string, never>;
  'top.actions': Record<string, never>;
  'user.menu': Record<string, never>;
  /** In place of the user menu, for strangers. */
  'user.guest': Record<string, never>;
  'post.actions': { post: Schemas['Post']; state: Schemas['PostState'] | undefined };
  'post.footer': { post: Schemas['Post'] };
  'comment.actions': { comment: Schemas['Comment']; post: Schemas['Post'] };
  'composer.toolbar': { insert(text: string): void };
  'profile.actions': { user: Schemas['PublicUser'] };
  'profile.tabs': { user: Schemas['PublicUser'] };
  'settings.sections': Record<string, never>;
  'admin.sections': Record<string, never>;
  'admin.plugin': { plugin: Schemas['AdminPlugin'] };
  /** Above every page, at the bottom edge: composers that survive navigation. */
  dock: Record<string, never>;
}
export type OutletName = keyof OutletContexts;

/** A Preact component, or a function that fills an element in any other way. */
export type Contribution<Context> =
  | { component: ComponentType<Context>; order?: number; title?: string }
  | { mount(element: HTMLElement, context: Context): Dispose; order?: number; title?: string };

export interface PageProps {
  /** The values of the pattern's `:names`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export type PageContribution = Contribution<PageProps> & {
  /** Strangers are sent to `/login` first. */
  members?: boolean;
};

export interface Shortcut {
  /** Keys as typed: `j`, `?`, or in turn: `g h`. */
  readonly keys: string;
  readonly label: string;
  run(): void;
}

export interface ToastOptions {
  /** Problems are announced at once, everything else politely. */
  readonly kind?: 'info' | 'problem';
  readonly action?: { label: string; run(): void };
}

/** What `activate` gets. */
export interface Sdk {
  readonly plugin: PluginInfo;
  readonly forum: ForumInfo;
  readonly session: Session;
  /** The typed REST client of the served OpenAPI document. Cookies travel with it; it renews the session by itself. */
  readonly api: ApiClient;
  readonly realtime: Realtime;
  readonly router: Router;
  /** Adds a page, such as `/p/:id/:slug?`. */
  page(pattern: string, page: PageContribution): Dispose;
  outlet<Name extends OutletName>(name: Name, contribution: Contribution<OutletContexts[Name]>): Dispose;
  shortcut(shortcut: Shortcut): Dispose;
  /** Adds a style sheet. Begin every class with `stoa-` and the plugin's id. */
  styles(css: string): Dispose;
  toast(text: string, options?: ToastOptions): void;
  /** Something that counts what is unread; the greatest of them stands in the window's title. */
  badge(count: ReadonlySignal<number>): Dispose;
  /** What the server put into the first page, once, if that page is the one named. */
  initial<T>(name: string): { payload: T; seq: number } | null;
}
