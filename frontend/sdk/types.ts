// The contract between the shell and a plugin's user interface.
import type { ComponentType } from 'preact';
import type { ReadonlySignal } from '@preact/signals';
import type { ApiClient, Schemas } from '../assets/js/api/client';

/** Takes back what was registered; calling it twice does nothing. */
export type Dispose = () => void;

/**
 * What `ui/index` of a plugin exports. The module is imported when the plugin is enabled, also in pages that are open by then.
 * It stays in the document when the plugin goes, and the same module is activated again when the plugin returns: keep what
 * belongs to one run inside `activate`, not in the module.
 */
export interface PluginModule {
  /**
   * Begins a run. What is registered through `sdk` is taken back by the shell when the run ends: the plugin was disabled or
   * upgraded, or this function failed. Return a function for everything else, such as timers; it is called first. When the run
   * ended while `activate` was still awaiting something, registering does nothing and the returned function is called at once.
   * What is thrown is shown with the plugin's name, and harms nobody else.
   */
  activate(sdk: Sdk): Dispose | void | Promise<Dispose | void>;
}

/** Id, version, name and browser module of an enabled plugin. */
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

/** Where plugins may put something, and what each place hands to it. */
export interface OutletContexts {
  /** Entries of the navigation. `place`: the column at the side of a desk-sized window, or the bar at the bottom of a phone. */
  'nav.main': { place: 'side' | 'bottom' };
  /** Below the navigation, in wide windows. */
  'sidebar.left': Record<string, never>;
  /** The panel at the right side; not on phones. */
  'sidebar.right': Record<string, never>;
  /** The middle of the head of every page. */
  'top.search': Record<string, never>;
  /** Buttons in the head of every page. */
  'top.actions': Record<string, never>;
  /** Entries of the menu under the user's picture. */
  'user.menu': Record<string, never>;
  /** In place of the user menu, for strangers. */
  'user.guest': Record<string, never>;
  /** The row of buttons under an open post, for strangers too. `state` is personal, and undefined until it is known. */
  'post.actions': { post: Schemas['Post']; state: Schemas['PostState'] | undefined };
  /** Between an open post and its comments. */
  'post.footer': { post: Schemas['Post'] };
  /** The row of buttons under a comment; not under deleted ones. */
  'comment.actions': { comment: Schemas['Comment']; post: Schemas['Post'] };
  /** Buttons above the text field of posts and comments. `insert` puts text in the place of the selection. */
  'composer.toolbar': { insert(text: string): void };
  /** Buttons beside the name on somebody else's profile. */
  'profile.actions': { user: Schemas['PublicUser'] };
  /** Tabs of a profile; `title` is the name of the tab. */
  'profile.tabs': { user: Schemas['PublicUser'] };
  /** Sections of the settings page; `title` is the heading. */
  'settings.sections': Record<string, never>;
  /** Sections of the administration page; `title` is the heading. */
  'admin.sections': Record<string, never>;
  /** Inside the entry of each plugin on the administration page: look at `plugin.id`, and show nothing for others. */
  'admin.plugin': { plugin: Schemas['AdminPlugin'] };
  /** Above every page, at the bottom edge: composers that survive navigation. */
  dock: Record<string, never>;
}
export type OutletName = keyof OutletContexts;

interface Placed {
  /** The lower ones come first; 100 without it. */
  order?: number;
  /** The name of a tab or section, where the outlet shows one; the plugin's name without it. */
  title?: string;
}

export interface ComponentContribution<Context> extends Placed {
  /** Gets the context as its properties, and is drawn again when one of them changes. */
  component: ComponentType<Context>;
}

/** For mounts that bear another context without beginning anew. */
export interface Mounted<Context> {
  update(context: Context): void;
  dispose: Dispose;
}

export interface MountContribution<Context> extends Placed {
  /**
   * Fills an empty element in any way, with any framework. When a value of the context changes, `update` is called; where only a
   * function was returned, that is called and everything is mounted anew. The element is emptied in any case.
   */
  mount(element: HTMLElement, context: Context): Dispose | Mounted<Context>;
}

/** A Preact component, or a function that fills an element. What either throws is shown in its place, with the plugin's name. */
export type Contribution<Context> = ComponentContribution<Context> | MountContribution<Context>;

/** One contribution and whose it is: for outlets whose page arranges them by title. */
export interface OutletPart<Context> {
  readonly key: string;
  readonly title: string;
  readonly plugin: string;
  readonly contribution: Contribution<Context>;
}

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

/** What `activate` gets: everything a plugin may do in the browser. */
export interface Sdk {
  /** Of this contract: "1.0". Within 1.x things are added, never changed. */
  readonly version: string;
  readonly plugin: PluginInfo;
  readonly forum: ForumInfo;
  readonly session: Session;
  /** The typed REST client of the served OpenAPI document. Cookies travel with it; it renews the session by itself. */
  readonly api: ApiClient;
  readonly realtime: Realtime;
  readonly router: Router;
  /**
   * Adds a page. A pattern has fixed segments, `:name` for one of any value, and `:name?` for one that may be missing, last:
   * `/p/:id/:slug?`. The first page registered for a path answers it. While the plugin is off, its pages say so.
   */
  page(pattern: string, page: PageContribution): Dispose;
  /** Puts something into an outlet. */
  outlet<Name extends OutletName>(name: Name, contribution: Contribution<OutletContexts[Name]>): Dispose;
  /** Adds a key, listed under `?`. Not called while somebody types. */
  shortcut(shortcut: Shortcut): Dispose;
  /** Adds a style sheet. Begin every class with `stoa-` and the plugin's id, and use the variables of `assets/css/tokens.css`. */
  styles(css: string): Dispose;
  /** Says something at the edge of the window for some seconds. */
  toast(text: string, options?: ToastOptions): void;
  /** Something that counts what is unread; the greatest of them stands in the window's title. */
  badge(count: ReadonlySignal<number>): Dispose;
  /** What the server put into the first page, once, if that page is the one named, such as `posts.feed`. */
  initial<T>(name: string): { payload: T; seq: number } | null;
}
