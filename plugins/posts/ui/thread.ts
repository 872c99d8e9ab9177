import { signal } from '@preact/signals';
import { ask, backToDraft, explain, localId, type Dispose, type RealtimeEvent, type Sdk } from '@stoa/sdk';
import type { Comment, PendingComment, Post } from './types';

interface CommentPage {
  items: Comment[];
  next: string | null;
}

const kPage = 100;

/** A post and its comments, kept true by events. */
export class Thread {
  readonly post = signal<Post | null>(null);
  readonly comments = signal<readonly Comment[] | null>(null);
  /** Comments of others that would move what is being read. */
  readonly waiting = signal<readonly Comment[]>([]);
  readonly pending = signal<readonly PendingComment[]>([]);
  readonly next = signal<string | null>(null);
  readonly error = signal<unknown>(null);
  readonly deleted = signal(false);
  /** The end of the comments is on screen. */
  atEnd = false;
  readonly ready: Promise<void>;
  private follow: Dispose = () => undefined;
  private loading: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly sdk: Sdk,
    readonly id: number,
  ) {
    this.ready = this.load();
  }

  async load(): Promise<void> {
    this.error.value = null;
    try {
      const first = this.sdk.initial<{ post: Post; comments: CommentPage }>('posts.post');
      const path = { path: { id: this.id } };
      const shown = first?.payload.post.id === this.id ? first : null;
      const post = shown ? { data: shown.payload.post, seq: shown.seq } : await ask(this.sdk.api.GET('/api/v1/posts/{id}', { params: path }));
      const given = shown?.payload.comments;
      const comments = given ?? (await this.page());
      if (this.stopped) return;
      this.follow();
      this.post.value = post.data;
      this.waiting.value = [];
      this.comments.value = comments.items;
      this.next.value = comments.next;
      this.follow = this.sdk.realtime.follow({
        channels: [`post:${this.id}`],
        since: post.seq,
        event: (event) => this.apply(event),
        resync: () => void this.load(),
      });
    } catch (error) {
      this.error.value = error;
    }
  }

  /** Loads the next comments, once at a time. */
  more(): Promise<void> {
    const cursor = this.next.peek();
    if (!cursor) return Promise.resolve();
    this.loading ??= this.page(cursor)
      .then((page) => {
        this.next.value = page.next;
        this.insert(page.items);
      })
      .catch((error: unknown) => this.sdk.toast(explain(error), { kind: 'problem' }))
      .finally(() => (this.loading = null));
    return this.loading;
  }

  /** Loads on until the comment is there. */
  async reach(commentId: number): Promise<void> {
    await this.ready;
    while (this.next.peek() && !this.comments.peek()?.some(({ id }) => id >= commentId)) await this.more();
  }

  showWaiting(): void {
    const waiting = this.waiting.peek();
    this.waiting.value = [];
    this.insert(waiting);
  }

  /** Shows the comment at once and sends it. */
  send(body: string, parentId: number | null): void {
    const pending = { localId: localId(), parentId, body, problem: null };
    this.pending.value = [...this.pending.peek(), pending];
    void this.deliver(pending);
  }

  retry(pending: PendingComment): void {
    this.mark(pending, null);
    void this.deliver(pending);
  }

  discard({ localId }: PendingComment): void {
    this.pending.value = this.pending.peek().filter((one) => one.localId !== localId);
  }

  /** Puts a comment in, or replaces what is known of it. */
  put(comment: Comment): void {
    const comments = this.comments.peek() ?? [];
    if (comments.some(({ id }) => id === comment.id)) this.comments.value = comments.map((one) => (one.id === comment.id ? { ...one, ...comment } : one));
    else this.insert([comment]);
  }

  /** What could not be sent is kept as a draft. */
  stop(): void {
    this.stopped = true;
    for (const one of this.pending.peek()) if (one.problem !== null) this.keep(one);
    this.follow();
  }

  private keep({ parentId, body }: PendingComment): void {
    backToDraft(`comment.${this.id}.${parentId ?? 0}`, body);
  }

  private async page(cursor?: string): Promise<CommentPage> {
    const params = { path: { id: this.id }, query: { sort: 'old' as const, limit: kPage, ...(cursor && { cursor }) } };
    return (await ask(this.sdk.api.GET('/api/v1/posts/{id}/comments', { params }))).data;
  }

  private async deliver(pending: PendingComment): Promise<void> {
    const { localId, parentId, body } = pending;
    try {
      const { data } = await ask(this.sdk.api.POST('/api/v1/posts/{id}/comments', { params: { path: { id: this.id } }, body: { body, local_id: localId, ...(parentId && { parent_id: parentId }) } }));
      this.discard(pending);
      this.put(data);
    } catch (error) {
      if (this.stopped) this.keep(pending);
      else this.mark(pending, explain(error));
    }
  }

  private mark({ localId }: PendingComment, problem: string | null): void {
    this.pending.value = this.pending.peek().map((one) => (one.localId === localId ? { ...one, problem } : one));
  }

  private insert(comments: readonly Comment[]): void {
    const known = this.comments.peek() ?? [];
    const fresh = comments.filter(({ id }) => !known.some((one) => one.id === id));
    if (fresh.length) this.comments.value = [...known, ...fresh].sort((a, b) => a.id - b.id);
  }

  private change(change: Partial<Post>): void {
    const post = this.post.peek();
    if (post) this.post.value = { ...post, ...change };
  }

  private apply({ type, data }: RealtimeEvent): void {
    switch (type) {
      case 'posts.post.updated':
        return this.updated(data as Partial<Post>);
      case 'posts.post.deleted':
        this.deleted.value = true;
        return;
      case 'posts.comment.created':
        return this.created(data as Comment);
      case 'posts.comment.updated':
        this.comments.value = (this.comments.peek() ?? []).map((one) => (one.id === (data as Comment).id ? { ...one, ...(data as Comment) } : one));
        return;
      case 'posts.comment.deleted':
        return this.removed((data as { id: number }).id);
      case 'posts.vote.changed': {
        const { kind, id, likes, dislikes } = data as { kind: string; id: number; likes: number; dislikes: number };
        if (kind === 'post') return this.change({ likes, dislikes });
        this.comments.value = (this.comments.peek() ?? []).map((one) => (one.id === id ? { ...one, likes, dislikes } : one));
      }
    }
  }

  /** The event carries the summary only; the text is fetched when it may have changed. */
  private updated(summary: Partial<Post>): void {
    this.change(summary);
    void ask(this.sdk.api.GET('/api/v1/posts/{id}', { params: { path: { id: this.id } } })).then(
      ({ data }) => this.change({ body: data.body, html: data.html, edited_at: data.edited_at, revision: data.revision }),
      () => undefined,
    );
  }

  private created(comment: Comment): void {
    if (!comment.author && !comment.body) return;
    const known = [...(this.comments.peek() ?? []), ...this.waiting.peek()].some(({ id }) => id === comment.id);
    // Each event comes once, so even a comment known from its own answer has yet to be counted.
    this.change({ comment_count: (this.post.peek()?.comment_count ?? 0) + 1 });
    if (known) return;
    const mine = comment.author?.id === this.sdk.session.user.peek()?.id;
    if (mine) {
      const echo = this.pending.peek().find((one) => (comment.local_id ? one.localId === comment.local_id : one.body === comment.body));
      if (echo) this.discard(echo);
    }
    // What comes after the last loaded page is loaded with its page.
    if (this.next.peek() && !mine) return;
    if (mine || this.atEnd) this.insert([comment]);
    else this.waiting.value = [...this.waiting.peek(), comment];
  }

  private removed(id: number): void {
    this.waiting.value = this.waiting.peek().filter((one) => one.id !== id);
    const comments = this.comments.peek() ?? [];
    const answered = comments.some((one) => one.parent_id === id);
    this.comments.value = answered ? comments.map((one) => (one.id === id ? { ...one, deleted: true, body: '', html: '' } : one)) : comments.filter((one) => one.id !== id);
    this.change({ comment_count: Math.max(0, (this.post.peek()?.comment_count ?? 0) - 1) });
  }
}
