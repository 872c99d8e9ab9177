import { signal } from '@preact/signals';
import { ask, explain, type Dispose, type RealtimeEvent, type Schemas, type Sdk } from '@stoa/sdk';
import { sentence } from './sentence';

export type Notification = Schemas['Notification'];

/** What happened to the user, kept true by events. */
export class Inbox {
  readonly unread = signal(0);
  readonly items = signal<readonly Notification[] | null>(null);
  readonly next = signal<string | null>(null);
  readonly error = signal<unknown>(null);
  private follow: Dispose = () => undefined;
  private me: number | null = null;

  constructor(private readonly sdk: Sdk) {}

  /** Begins anew for the user, or for nobody. */
  async start(me: number | null): Promise<void> {
    this.follow();
    this.follow = () => undefined;
    this.me = me;
    this.unread.value = 0;
    this.items.value = null;
    if (me !== null) await this.load();
  }

  async load(): Promise<void> {
    const me = this.me;
    this.error.value = null;
    try {
      const [list, count] = await Promise.all([this.page(), ask(this.sdk.api.GET('/api/v1/notifications/unread'))]);
      if (me !== this.me) return;
      this.items.value = list.data.items;
      this.next.value = list.data.next;
      this.unread.value = count.data.count;
      this.follow();
      this.follow = this.sdk.realtime.follow({ channels: [`user:${me}`], since: list.seq, event: (event) => this.apply(event), resync: () => void this.load() });
    } catch (error) {
      this.error.value = error;
    }
  }

  async more(): Promise<void> {
    const cursor = this.next.peek();
    if (!cursor) return;
    try {
      const { data } = await this.page(cursor);
      this.items.value = [...(this.items.peek() ?? []), ...data.items];
      this.next.value = data.next;
    } catch (error) {
      this.sdk.toast(explain(error), { kind: 'problem' });
    }
  }

  /** Marks it as read; its subject opens meanwhile. */
  async opened({ id, read }: Notification): Promise<void> {
    if (read) return;
    this.mark((one) => one.id === id);
    this.unread.value = Math.max(0, this.unread.peek() - 1);
    await this.tell({ ids: [id] });
  }

  async readAll(): Promise<void> {
    this.mark(() => true);
    this.unread.value = 0;
    await this.tell({ all: true });
  }

  async remove({ id, read }: Notification): Promise<void> {
    this.items.value = (this.items.peek() ?? []).filter((one) => one.id !== id);
    if (!read) this.unread.value = Math.max(0, this.unread.peek() - 1);
    try {
      await ask(this.sdk.api.DELETE('/api/v1/notifications/{id}', { params: { path: { id } } }));
    } catch (error) {
      this.sdk.toast(explain(error), { kind: 'problem' });
      void this.load();
    }
  }

  stop(): void {
    this.follow();
  }

  private page(cursor?: string) {
    return ask(this.sdk.api.GET('/api/v1/notifications', { params: { query: cursor ? { cursor } : {} } }));
  }

  private async tell(body: { ids: number[] } | { all: true }): Promise<void> {
    try {
      await ask(this.sdk.api.PUT('/api/v1/notifications/read', { body }));
    } catch (error) {
      this.sdk.toast(explain(error), { kind: 'problem' });
      void this.load();
    }
  }

  private mark(which: (notification: Notification) => boolean): void {
    this.items.value = (this.items.peek() ?? []).map((one) => (which(one) ? { ...one, read: true } : one));
  }

  private apply({ type, data, replay }: RealtimeEvent): void {
    if (type === 'notification.read') {
      const { ids, up_to, all, deleted, unread } = data as { ids?: number[]; up_to?: number; all?: boolean; deleted?: boolean; unread: number };
      this.unread.value = unread;
      if (deleted) {
        this.items.value = (this.items.peek() ?? []).filter(({ id }) => !ids?.includes(id));
        return;
      }
      this.mark(({ id }) => all === true || (ids?.includes(id) ?? false) || (up_to !== undefined && id <= up_to));
      return;
    }
    if (type !== 'notification.created' && type !== 'notification.updated') return;
    const { unread, replaces, ...notification } = data as Notification & { unread: number; replaces?: number };
    if (!notification.subject) return;
    this.unread.value = unread;
    this.items.value = [notification, ...(this.items.peek() ?? []).filter(({ id }) => id !== notification.id && id !== replaces)];
    if (type === 'notification.created' && !replay) this.show(notification);
  }

  /** Says so at the edge of the window, unless its subject is on screen. */
  private show(notification: Notification): void {
    const { url } = notification.subject;
    if (notification.read || url.split(/[#?]/)[0] === location.pathname) return;
    this.sdk.toast(sentence(notification), { action: { label: 'Open', run: () => (void this.opened(notification), this.sdk.router.navigate(url)) } });
  }
}
