import { signal } from '@preact/signals';
import { ask, type Dispose, type RealtimeEvent, type Sdk } from '@stoa/sdk';
import { accepts, isPlain, type FeedQuery } from './feed_query';
import type { Comment, Summary } from './types';

interface Page {
  items: Summary[];
  next: string | null;
}

/** One list of posts, kept true by events for as long as somebody may look at it. */
export class Feed {
  readonly items = signal<readonly Summary[] | null>(null);
  /** Posts that would appear above what is being read. */
  readonly waiting = signal<readonly Summary[]>([]);
  readonly error = signal<unknown>(null);
  readonly loading = signal(false);
  readonly next = signal<string | null>(null);
  private follows: Dispose[] = [];
  private generation = 0;

  constructor(
    private readonly sdk: Sdk,
    readonly query: FeedQuery,
  ) {
    const name = query.category ? 'posts.category' : 'posts.feed';
    const first = isPlain(query) && sdk.router.place.peek().query.size === 0 ? sdk.initial<{ posts: Page }>(name) : null;
    if (first) this.take(first.payload.posts, first.seq, true);
    else void this.reload();
  }

  async reload(): Promise<void> {
    const generation = ++this.generation;
    this.loading.value = true;
    this.error.value = null;
    try {
      const { data, seq } = await this.fetch();
      if (generation !== this.generation) return;
      this.stop();
      this.waiting.value = [];
      this.take(data, seq, true);
    } catch (error) {
      if (generation === this.generation) this.error.value = error;
    } finally {
      if (generation === this.generation) this.loading.value = false;
    }
  }

  async more(): Promise<void> {
    const cursor = this.next.peek();
    if (!cursor || this.loading.peek()) return;
    this.loading.value = true;
    const generation = this.generation;
    try {
      const { data, seq } = await this.fetch(cursor);
      if (generation === this.generation) this.take(data, seq, false);
    } catch (error) {
      this.error.value = error;
    } finally {
      if (generation === this.generation) this.loading.value = false;
    }
  }

  showWaiting(): void {
    const waiting = this.waiting.peek();
    this.waiting.value = [];
    this.prepend(waiting);
  }

  /** Changes one post, wherever it is in the list. */
  patch(id: number, change: (post: Summary) => Summary): void {
    const items = this.items.peek();
    if (items?.some((post) => post.id === id)) this.items.value = items.map((post) => (post.id === id ? change(post) : post));
  }

  stop(): void {
    for (const dispose of this.follows) dispose();
    this.follows = [];
  }

  private fetch(cursor?: string) {
    const { sort, category, author, liked } = this.query;
    const query = { sort, ...(category && { category }), ...(author && { author }), ...(liked && { liked: 'me' as const }), ...(cursor && { cursor }) };
    return ask(this.sdk.api.GET('/api/v1/posts', { params: { query } }));
  }

  private take(page: Page, seq: number | undefined, first: boolean): void {
    const known = first ? [] : (this.items.peek() ?? []);
    const fresh = page.items.filter((post) => !known.some(({ id }) => id === post.id));
    this.items.value = [...known, ...fresh];
    this.next.value = page.next;
    const channels = [...(first ? ['posts'] : []), ...fresh.map(({ id }) => `post:${id}`)];
    if (channels.length) this.follow(channels, seq);
  }

  private follow(channels: string[], since: number | undefined): void {
    this.follows.push(
      this.sdk.realtime.follow({ channels, since, event: (event) => this.apply(event), resync: () => void this.reload() }),
    );
  }

  private prepend(posts: readonly Summary[]): void {
    const items = this.items.peek() ?? [];
    const fresh = posts.filter((post) => !items.some(({ id }) => id === post.id));
    const pinned = items.filter((post) => post.pinned);
    this.items.value = [...pinned, ...fresh, ...items.filter((post) => !post.pinned)];
  }

  private apply({ type, data, seq }: RealtimeEvent): void {
    switch (type) {
      case 'posts.post.created':
        return this.created(data as Summary, seq);
      case 'posts.post.updated':
        return this.patch((data as Summary).id, (post) => ({ ...post, ...(data as Summary) }));
      case 'posts.post.deleted': {
        const { id } = data as { id: number };
        const items = this.items.peek();
        if (items) this.items.value = items.filter((post) => post.id !== id);
        this.waiting.value = this.waiting.peek().filter((post) => post.id !== id);
        return;
      }
      case 'posts.vote.changed': {
        const { kind, id, likes, dislikes } = data as { kind: string; id: number; likes: number; dislikes: number };
        if (kind === 'post') this.patch(id, (post) => ({ ...post, likes, dislikes }));
        return;
      }
      case 'posts.comment.created': {
        const { post_id, created_at } = data as Comment;
        return this.patch(post_id, (post) => ({ ...post, comment_count: post.comment_count + 1, last_activity_at: created_at }));
      }
      case 'posts.comment.deleted': {
        const { post_id } = data as { post_id: number };
        return this.patch(post_id, (post) => ({ ...post, comment_count: Math.max(0, post.comment_count - 1) }));
      }
    }
  }

  private created(post: Summary, seq: number): void {
    const me = this.sdk.session.user.peek();
    const known = [...(this.items.peek() ?? []), ...this.waiting.peek()].some(({ id }) => id === post.id);
    if (known || !post.title || !accepts(this.query, post, me)) return;
    this.follow([`post:${post.id}`], seq);
    if (post.author.id === me?.id || scrollY < 120) this.prepend([post]);
    else this.waiting.value = [post, ...this.waiting.peek()];
  }
}

const kKept = 4;

/** The feeds visited last, so that going back shows them at once. */
export class Feeds {
  private readonly feeds = new Map<string, Feed>();

  constructor(private readonly sdk: Sdk) {}

  get(query: FeedQuery): Feed {
    const key = JSON.stringify(query);
    const feed = this.feeds.get(key) ?? new Feed(this.sdk, query);
    this.feeds.delete(key);
    this.feeds.set(key, feed);
    const [oldest] = this.feeds.keys();
    if (this.feeds.size > kKept && oldest !== undefined) {
      this.feeds.get(oldest)?.stop();
      this.feeds.delete(oldest);
    }
    return feed;
  }

  clear(): void {
    for (const feed of this.feeds.values()) feed.stop();
    this.feeds.clear();
  }
}
