import { signal, type Signal } from '@preact/signals';
import { ask, type Schemas, type Sdk } from '@stoa/sdk';
import { Composer } from './composer_state';
import { Feeds } from './feed';
import { OwnState } from './own_state';
import { Thread } from './thread';
import type { Category } from './types';

const kThreadsKept = 3;

/** What the pages of this plugin share. */
export class Posts {
  readonly feeds: Feeds;
  readonly own: OwnState;
  readonly composer: Composer;
  readonly categories: Signal<readonly Category[]> = signal([]);
  private readonly threads = new Map<number, Thread>();

  constructor(readonly sdk: Sdk) {
    this.feeds = new Feeds(sdk);
    this.own = new OwnState(sdk);
    this.composer = new Composer();
  }

  get user(): Schemas['OwnUser'] | null {
    return this.sdk.session.user.value;
  }

  /** What the server would make of the Markdown. */
  readonly preview = async (body: string): Promise<string> => (await ask(this.sdk.api.POST('/api/v1/posts/preview', { body: { body } }))).data.html;

  mayModerate(): boolean {
    return this.user?.role === 'moderator' || this.user?.role === 'admin';
  }

  async loadCategories(): Promise<void> {
    try {
      this.categories.value = (await ask(this.sdk.api.GET('/api/v1/categories'))).data.items;
    } catch {
      // The pages show their own problem; without categories the rest still works.
    }
  }

  thread(id: number): Thread {
    const known = this.threads.get(id);
    const thread = known && !known.error.peek() && !known.deleted.peek() ? known : new Thread(this.sdk, id);
    this.threads.delete(id);
    this.threads.set(id, thread);
    const [oldest] = this.threads.keys();
    if (this.threads.size > kThreadsKept && oldest !== undefined) {
      this.threads.get(oldest)?.stop();
      this.threads.delete(oldest);
    }
    return thread;
  }

  /** Another user sees other things. */
  forget(): void {
    this.feeds.clear();
    this.own.forget();
    for (const thread of this.threads.values()) thread.stop();
    this.threads.clear();
  }
}
