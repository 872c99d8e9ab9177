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

/** What everybody may know of the forum. */
export interface ForumInfo {
  /** What the operator called it. */
  readonly name: string;
  /** Only members may read. */
  readonly private: boolean;
  /** Scheme, host and port, without a slash at the end: for links that leave the forum. */
  readonly base_url: string;
}

/** Whoever uses this browser. The private fields are there when the server sent them. */
export type SessionUser = Schemas['OwnUser'];

/** Who is signed in. */
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
  /** Begins with a slash; encoded as in the address. */
  readonly path: string;
  /** What follows the `?`, decoded. */
  readonly query: URLSearchParams;
  /** With its `#`, or empty. */
  readonly hash: string;
}

/** Where the browser is, and how to get elsewhere. */
export interface Router {
  /** Changes with every navigation. */
  readonly place: ReadonlySignal<Place>;
  /**
   * Opens an address, relative ones as seen from the present page. One that no module answers, or of another origin, is left to the
   * browser: the document is loaded, so that a page of the server is reached. `replace` leaves no entry in the history.
   */
  navigate(url: string, options?: { replace?: boolean }): void;
  /** Changes the address of the page that is shown, and nothing else: to follow what is in view. */
  relabel(url: string): void;
  /** Whether some page answers this path. Reactive: plugins come and go. */
  knows(path: string): boolean;
}

/** What happened, as the forum keeps it. */
export interface RealtimeEvent<T = unknown> {
  /** Its place in the log of the forum: later ones have greater numbers. */
  readonly seq: number;
  /** Those it was sent on, as far as they are followed here. */
  readonly channels: readonly string[];
  /** Such as `posts.post.created`. */
  readonly type: string;
  /** RFC 3339. */
  readonly time: string;
  /** As the catalogue of events describes it; `{}` once its subject was deleted. */
  readonly data: T;
  /** Happened before the channel was joined. */
  readonly replay?: boolean;
}

/** What nobody keeps, such as that somebody types. */
export interface RealtimeEphemeral<T = unknown> {
  /** The one it was sent on. */
  readonly channel: string;
  /** What the plugin that sent it calls it. */
  readonly type: string;
  /** As that plugin describes it. */
  readonly data: T;
}

/** What to hear. Handlers must bear seeing the same state twice: apply, never add up. */
export interface Follow {
  /** Names of channels, such as `post:7`. */
  readonly channels: readonly string[];
  /** `Stoa-Seq` of the snapshot on screen; without it, only what happens from now on. */
  readonly since?: number | undefined;
  /** Something happened, in the order of `seq`. */
  event?(event: RealtimeEvent): void;
  /** Somebody sent a message that is not kept. */
  ephemeral?(message: RealtimeEphemeral): void;
  /** Too much was missed: fetch the snapshot again. */
  resync?(): void;
  /** The server will not send these channels (any more). */
  closed?(reason: string): void;
}

/** `offline`: the connection was lost, and is being sought. */
export type RealtimeState = 'connecting' | 'online' | 'offline';

/** The connection that all plugins share. */
export interface Realtime {
  /** Of the connection, as a signal. */
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

/** A part that the shell draws. */
export interface ComponentContribution<Context> extends Placed {
  /** Gets the context as its properties, and is drawn again when one of them changes. */
  component: ComponentType<Context>;
}

/** For mounts that bear another context without beginning anew. */
export interface Mounted<Context> {
  /** Gets the whole new context. */
  update(context: Context): void;
  /** Is called once, when the part goes. */
  dispose: Dispose;
}

/** A part that draws itself. */
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
  /** Another one for each contribution. */
  readonly key: string;
  /** Its own, or the plugin's name. */
  readonly title: string;
  /** The id of the plugin. */
  readonly plugin: string;
  /** What was given to `sdk.outlet`. */
  readonly contribution: Contribution<Context>;
}

/** What the component or `mount` of a page gets. */
export interface PageProps {
  /** The values of the pattern's `:names`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** What follows the `?`, decoded. */
  readonly query: URLSearchParams;
}

/** A contribution that is a page of its own. */
export type PageContribution = Contribution<PageProps> & {
  /** Strangers are sent to `/login` first. */
  members?: boolean;
};

/** A key that does something. */
export interface Shortcut {
  /** Keys as typed: `j`, `?`, or in turn: `g h`. */
  readonly keys: string;
  /** What it does, for the list under `?`. */
  readonly label: string;
  /** Is called for each press. */
  run(): void;
}

/** How a short message is shown. */
export interface ToastOptions {
  /** Problems are announced at once, everything else politely. */
  readonly kind?: 'info' | 'problem';
  /** A button beside the text. */
  readonly action?: { label: string; run(): void };
}

/** What `activate` gets: everything a plugin may do in the browser. */
export interface Sdk {
  /** Of this contract: "1.0". Within 1.x things are added, never changed. */
  readonly version: string;
  /** The plugin itself: `id`, `version`, `name`, `ui`. */
  readonly plugin: PluginInfo;
  /** The forum. */
  readonly forum: ForumInfo;
  /** Whoever uses this browser. */
  readonly session: Session;
  /**
   * The REST client, with methods `GET`, `POST`, `PUT`, `PATCH` and `DELETE`, typed from the OpenAPI document of the forum; paths below
   * `/api/v1/x/` take and give anything. Cookies travel with it, and it renews the session: a plain `fetch` loses the login after a
   * quarter of an hour. Give what it returns to `ask`.
   */
  readonly api: ApiClient;
  /** Events as they happen. */
  readonly realtime: Realtime;
  /** The address, and navigation. */
  readonly router: Router;
  /**
   * Adds a page. A pattern has fixed segments, `:name` for one of any value, and `:name?` for one that may be missing, last:
   * `/p/:id/:slug?`. The first page registered for a path answers it, in the place of what the server wrote for that path; where none
   * is registered, the server's page stays. While the plugin is off, its pages say so.
   */
  page(pattern: string, page: PageContribution): Dispose;
  /** Puts something into an outlet. A name that no page has shown yet is warned of in the console, and kept. */
  outlet<Name extends OutletName>(name: Name, contribution: Contribution<OutletContexts[Name]>): Dispose;
  /** Adds a key, listed under `?`. Not called while somebody types. */
  shortcut(shortcut: Shortcut): Dispose;
  /** Adds a style sheet. Begin every class with `stoa-` and the plugin's id, and use the forum's variables for colours and sizes. */
  styles(css: string): Dispose;
  /** Says something at the edge of the window for some seconds. */
  toast(text: string, options?: ToastOptions): void;
  /** Something that counts what is unread; the greatest of them stands in the window's title. */
  badge(count: ReadonlySignal<number>): Dispose;
  /** What the server put into the first page, once, if that page is the one named, such as `posts.feed`. */
  initial<T>(name: string): { payload: T; seq: number } | null;
}
