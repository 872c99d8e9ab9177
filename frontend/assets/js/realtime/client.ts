import { signal } from '@preact/signals';
import type { Dispose, Follow, Realtime, RealtimeEvent, RealtimeState } from '@stoa/sdk';
import { Backoff } from './backoff';
import { Recent } from './recent';
import { Subscription } from './subscription';
import type { ClientFrame, RealtimeUser, ServerFrame, SocketLike } from './frames';

export interface RealtimeOptions {
  connect(): SocketLike;
  /** A connection is up; `user` is who the server takes us for. */
  welcomed?(user: RealtimeUser | null): void;
  /** The session of this connection was ended by the server. */
  ended?(): void;
  random?(): number;
}

/** WebSocket.OPEN, also where there is no WebSocket. */
const kOpen = 1;
const kAnswerWithinMs = 5_000;
const kOfflineAfterMs = 2_500;
const kClosedSession = 4401;
const kClosedTooFast = 4429;

/** One connection to the hub, kept alive; see `Realtime` for what it promises. */
export class RealtimeClient implements Realtime {
  readonly state = signal<RealtimeState>('connecting');
  private socket: SocketLike | null = null;
  private open = false;
  private running = false;
  private lastId = 0;
  private head = 0;
  private heartbeatMs = 30_000;
  private heardAt = 0;
  private readonly subscriptions = new Set<Subscription>();
  private readonly answers = new Map<number, (frame: ServerFrame | null) => void>();
  /** Joined channels, each with the seq after which this connection has had all its events. */
  private readonly joined = new Map<string, number>();
  private readonly recent = new Recent();
  private readonly backoff: Backoff;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private offlineTimer: ReturnType<typeof setTimeout> | undefined;
  private heartbeatTimer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly options: RealtimeOptions) {
    this.backoff = new Backoff(options.random ?? Math.random);
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    this.connect();
    this.heartbeatTimer = setInterval(() => {
      if (this.open && Date.now() - this.heardAt >= this.heartbeatMs) void this.probe();
    }, 10_000);
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.retryTimer);
    clearTimeout(this.offlineTimer);
    clearInterval(this.heartbeatTimer);
    this.drop();
  }

  /** Connects anew, as whoever the cookies say. */
  restart(): void {
    if (!this.running) return;
    this.drop();
    this.backoff.reset();
    this.connect();
  }

  /** Asks the server for a sign of life; without one the connection is made anew. */
  async probe(): Promise<void> {
    if (!this.open) {
      if (this.running && !this.socket) this.connect();
      return;
    }
    const socket = this.socket;
    const answer = await this.ask({ op: 'ping' });
    if (!answer && this.socket === socket) this.restart();
  }

  idle(state: boolean): void {
    this.write({ op: 'idle', state });
  }

  send(op: string, channel: string, fields: Record<string, unknown> = {}): void {
    this.write({ op, channel, ...fields });
  }

  follow(follow: Follow): Dispose {
    const subscription = new Subscription(follow);
    this.subscriptions.add(subscription);
    if (this.open) this.attach(subscription);
    return () => {
      if (!this.subscriptions.delete(subscription)) return;
      const left = follow.channels.filter((channel) => this.joined.has(channel) && !isOwn(channel) && !this.isFollowed(channel));
      for (const channel of left) this.joined.delete(channel);
      if (left.length && this.open) this.write({ id: ++this.lastId, op: 'unsubscribe', channels: left });
    };
  }

  private isFollowed(channel: string): boolean {
    return [...this.subscriptions].some(({ channels }) => channels.includes(channel));
  }

  private connect(): void {
    clearTimeout(this.retryTimer);
    let socket: SocketLike;
    try {
      socket = this.options.connect();
    } catch {
      this.closed(0);
      return;
    }
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket) return;
      this.heardAt = Date.now();
      const frames = JSON.parse(String(data)) as ServerFrame | ServerFrame[];
      for (const frame of Array.isArray(frames) ? frames : [frames]) this.receive(frame);
    };
    socket.onclose = ({ code }) => {
      if (this.socket === socket) this.closed(code);
    };
    this.offlineTimer ??= setTimeout(() => (this.state.value = 'offline'), kOfflineAfterMs);
  }

  /** Forgets the connection without waiting for the other side. */
  private drop(): void {
    const socket = this.socket;
    this.forget();
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  private forget(): void {
    this.socket = null;
    this.open = false;
    this.joined.clear();
    this.recent.clear();
    for (const subscription of this.subscriptions) subscription.detach();
    const waiting = [...this.answers.values()];
    this.answers.clear();
    for (const answer of waiting) answer(null);
  }

  private closed(code: number): void {
    this.forget();
    if (this.state.value === 'online') this.state.value = 'connecting';
    this.offlineTimer ??= setTimeout(() => (this.state.value = 'offline'), kOfflineAfterMs);
    if (code === kClosedSession) this.options.ended?.();
    if (this.running && !this.socket) this.retryTimer = setTimeout(() => this.connect(), this.backoff.next(code === kClosedTooFast));
  }

  private write(frame: ClientFrame): void {
    if (this.open && (this.socket?.readyState ?? kOpen) === kOpen) this.socket?.send(JSON.stringify(frame));
  }

  /** Sends a request; null when no answer came. */
  private ask(frame: ClientFrame): Promise<ServerFrame | null> {
    const id = ++this.lastId;
    return new Promise((resolve) => {
      const timer = setTimeout(() => answer(null), kAnswerWithinMs);
      const answer = (frame: ServerFrame | null) => {
        clearTimeout(timer);
        this.answers.delete(id);
        resolve(frame);
      };
      this.answers.set(id, answer);
      this.write({ ...frame, id });
    });
  }

  private receive(frame: ServerFrame): void {
    switch (frame.op) {
      case 'welcome':
        return this.welcome(frame.user, frame.seq, frame.heartbeat_s);
      case 'ok':
      case 'error':
        return this.answers.get(frame.id)?.(frame);
      case 'event':
        return this.event(frame);
      case 'ephemeral':
        for (const subscription of [...this.subscriptions]) {
          if (subscription.channels.includes(frame.channel)) subscription.follow.ephemeral?.(frame);
        }
        return;
      case 'unsubscribed':
        for (const channel of frame.channels) this.joined.delete(channel);
        for (const subscription of this.having(frame.channels)) {
          subscription.detach();
          subscription.follow.closed?.(frame.reason);
        }
        return;
      case 'resync':
        for (const subscription of this.having(frame.channels)) {
          subscription.moveTo(this.head);
          subscription.follow.resync?.();
        }
    }
  }

  private having(channels: readonly string[]): Subscription[] {
    return [...this.subscriptions].filter((subscription) => subscription.channels.some((channel) => channels.includes(channel)));
  }

  private welcome(user: RealtimeUser | null, seq: number, heartbeat: number): void {
    clearTimeout(this.offlineTimer);
    this.offlineTimer = undefined;
    this.open = true;
    this.head = Math.max(seq, 0);
    this.heartbeatMs = (heartbeat || 30) * 1000;
    this.backoff.reset();
    this.joined.set('system', seq);
    if (user) this.joined.set(`user:${user.id}`, seq);
    this.state.value = 'online';
    this.options.welcomed?.(user);
    for (const subscription of [...this.subscriptions]) this.attach(subscription);
  }

  private attach(subscription: Subscription): void {
    const since = subscription.cursor;
    const had = subscription.channels.every((channel) => {
      const from = this.joined.get(channel);
      return from !== undefined && (since === undefined || (since >= from && this.recent.covers(since)));
    });
    if (!had) return void this.join(subscription, since);
    subscription.joined(since ?? this.head);
    if (since !== undefined) for (const event of this.recent.after(since)) subscription.deliver(event);
    subscription.moveTo(this.head);
  }

  private async join(subscription: Subscription, since: number | undefined): Promise<void> {
    const attempt = subscription.begin();
    const channels = [...subscription.channels];
    const frame = await this.ask({ op: 'subscribe', channels, ...(since === undefined ? {} : { since }) });
    if (!this.subscriptions.has(subscription) || !subscription.isCurrent(attempt)) return;
    if (frame?.op === 'error') {
      subscription.detach();
      subscription.follow.closed?.(frame.problem.type.replace('/problems/', ''));
      return;
    }
    if (frame?.op !== 'ok') return void this.probe();
    for (const channel of channels) this.joined.set(channel, Math.min(since ?? frame.seq, this.joined.get(channel) ?? Infinity));
    subscription.joined(frame.seq);
  }

  private event(event: RealtimeEvent): void {
    this.recent.add(event);
    if (!event.replay) this.head = Math.max(this.head, event.seq);
    for (const subscription of [...this.subscriptions]) {
      subscription.deliver(event);
      // Live events rise strictly, so whatever came before this one has been sent on every joined channel.
      if (!event.replay) subscription.passed(event.seq);
    }
  }
}

/** Joined by the server itself, and never left. */
function isOwn(channel: string): boolean {
  return channel === 'system' || channel.startsWith('user:');
}
