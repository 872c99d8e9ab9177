import { signal } from '@preact/signals';
import { ask, backToDraft, explain, localId, type Dispose, type RealtimeEphemeral, type RealtimeEvent, type Sdk } from '@stoa/sdk';
import type { Conversation, Message, People } from './people';

export interface PendingMessage {
  readonly localId: string;
  readonly body: string;
  readonly problem: string | null;
}

const kPage = 10;
const kBetweenPagesMs = 400;
const kTypingLastsMs = 6_000;
const kTypingRepeatMs = 3_000;

/** An open conversation: its last messages, and what happens in it. */
export class OpenConversation {
  readonly info = signal<Conversation | null>(null);
  /** Oldest first. */
  readonly messages = signal<readonly Message[] | null>(null);
  readonly pending = signal<readonly PendingMessage[]>([]);
  readonly typists = signal<readonly { id: number; nickname: string }[]>([]);
  readonly older = signal(false);
  readonly loadingOlder = signal(false);
  readonly error = signal<unknown>(null);
  private readonly typistTimers = new Map<number, ReturnType<typeof setTimeout>>();
  private follow: Dispose = () => undefined;
  private typingSince = 0;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private lastPageAt = 0;
  private readUpTo = 0;
  private stopped = false;

  constructor(
    private readonly sdk: Sdk,
    private readonly people: People,
    readonly id: number,
  ) {
    void this.load();
  }

  async load(): Promise<void> {
    this.error.value = null;
    try {
      const [info, page] = await Promise.all([ask(this.sdk.api.GET('/api/v1/chat/conversations/{id}', { params: { path: { id: this.id } } })), this.page()]);
      if (this.stopped) return;
      this.info.value = info.data;
      this.messages.value = [...page.data.items].reverse();
      this.older.value = page.data.next !== null;
      this.follow();
      this.follow = this.sdk.realtime.follow({
        channels: [`chat:${this.id}`],
        since: page.seq,
        event: (event) => this.apply(event),
        ephemeral: (message) => this.typed(message),
        resync: () => void this.load(),
      });
    } catch (error) {
      this.error.value = error;
    }
  }

  /** Ten older messages, not more often than the eye can follow. */
  async loadOlder(): Promise<void> {
    const first = this.messages.peek()?.[0];
    if (!first || !this.older.peek() || this.loadingOlder.peek() || Date.now() - this.lastPageAt < kBetweenPagesMs) return;
    this.loadingOlder.value = true;
    try {
      const { data } = await this.page(first.id);
      this.older.value = data.next !== null && data.items.length > 0;
      this.messages.value = [...[...data.items].reverse(), ...(this.messages.peek() ?? [])];
    } catch (error) {
      this.sdk.toast(explain(error), { kind: 'problem' });
    } finally {
      this.lastPageAt = Date.now();
      this.loadingOlder.value = false;
    }
  }

  send(body: string): void {
    this.typing(false);
    const pending = { localId: localId(), body, problem: null };
    this.pending.value = [...this.pending.peek(), pending];
    void this.deliver(pending);
  }

  retry(pending: PendingMessage): void {
    this.mark(pending, null);
    void this.deliver(pending);
  }

  discard({ localId }: PendingMessage): void {
    this.pending.value = this.pending.peek().filter((one) => one.localId !== localId);
  }

  async edit(message: Message, body: string): Promise<void> {
    this.put((await ask(this.sdk.api.PATCH('/api/v1/chat/messages/{id}', { params: { path: { id: message.id } }, body: { body } }))).data);
  }

  async remove(message: Message): Promise<void> {
    try {
      await ask(this.sdk.api.DELETE('/api/v1/chat/messages/{id}', { params: { path: { id: message.id } } }));
      this.blank(message.id);
    } catch (error) {
      this.sdk.toast(explain(error), { kind: 'problem' });
    }
  }

  /** Tells the others that something is being written, or no longer. */
  typing(now: boolean): void {
    clearTimeout(this.typingTimer);
    if (now) this.typingTimer = setTimeout(() => this.typing(false), kTypingRepeatMs + 1_000);
    const due = now ? Date.now() - this.typingSince >= kTypingRepeatMs : this.typingSince > 0;
    if (!due) return;
    this.typingSince = now ? Date.now() : 0;
    this.sdk.realtime.send('typing', `chat:${this.id}`, { state: now ? 'start' : 'stop' });
  }

  /** All that is loaded has been seen. */
  read(): void {
    const last = this.messages.peek()?.at(-1);
    if (!last || document.visibilityState !== 'visible') return;
    this.people.markRead(this.id);
    if (last.id <= this.readUpTo) return;
    this.readUpTo = last.id;
    void ask(this.sdk.api.PUT('/api/v1/chat/conversations/{id}/read', { params: { path: { id: this.id } }, body: { message_id: last.id } })).catch(() => (this.readUpTo = 0));
  }

  /** What could not be sent is kept as a draft. */
  stop(): void {
    this.stopped = true;
    for (const { problem, body } of this.pending.peek()) if (problem !== null) backToDraft(`message.${this.id}`, body);
    this.typing(false);
    this.follow();
    for (const timer of this.typistTimers.values()) clearTimeout(timer);
  }

  private page(before?: number) {
    const params = { path: { id: this.id }, query: { limit: kPage, ...(before && { before }) } };
    return ask(this.sdk.api.GET('/api/v1/chat/conversations/{id}/messages', { params }));
  }

  private async deliver(pending: PendingMessage): Promise<void> {
    try {
      const { data } = await ask(this.sdk.api.POST('/api/v1/chat/conversations/{id}/messages', { params: { path: { id: this.id } }, body: { body: pending.body, local_id: pending.localId } }));
      this.discard(pending);
      this.put(data);
    } catch (error) {
      if (this.stopped) backToDraft(`message.${this.id}`, pending.body);
      else this.mark(pending, explain(error));
    }
  }

  private mark({ localId }: PendingMessage, problem: string | null): void {
    this.pending.value = this.pending.peek().map((one) => (one.localId === localId ? { ...one, problem } : one));
  }

  private put(message: Message): void {
    const messages = this.messages.peek() ?? [];
    if (messages.some(({ id }) => id === message.id)) this.messages.value = messages.map((one) => (one.id === message.id ? { ...one, ...message } : one));
    else if (!messages[0] || !this.older.peek() || message.id > messages[0].id) this.messages.value = [...messages, message].sort((a, b) => a.id - b.id);
  }

  private blank(id: number): void {
    this.messages.value = (this.messages.peek() ?? []).map((one) => (one.id === id ? { ...one, deleted: true, body: '', html: '' } : one));
  }

  private apply({ type, data }: RealtimeEvent): void {
    switch (type) {
      case 'chat.message.created': {
        const message = data as Message;
        if (!message.sender) return;
        const echo = this.pending.peek().find(({ localId }) => localId === message.local_id);
        if (echo) this.discard(echo);
        this.quiet(message.sender.id);
        return this.put(message);
      }
      case 'chat.message.updated':
        return this.put(data as Message);
      case 'chat.message.deleted':
        return this.blank((data as { id: number }).id);
    }
  }

  private typed({ type, data }: RealtimeEphemeral): void {
    if (type !== 'chat.typing') return;
    const { user, state } = data as { user: { id: number; nickname: string }; state: 'start' | 'stop' };
    if (state === 'stop') return this.quiet(user.id);
    clearTimeout(this.typistTimers.get(user.id));
    this.typistTimers.set(user.id, setTimeout(() => this.quiet(user.id), kTypingLastsMs));
    if (!this.typists.peek().some(({ id }) => id === user.id)) this.typists.value = [...this.typists.peek(), user];
  }

  private quiet(userId: number): void {
    clearTimeout(this.typistTimers.get(userId));
    this.typistTimers.delete(userId);
    if (this.typists.peek().some(({ id }) => id === userId)) this.typists.value = this.typists.peek().filter(({ id }) => id !== userId);
  }
}
