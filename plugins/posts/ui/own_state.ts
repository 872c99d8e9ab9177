import { signal } from '@preact/signals';
import { ask, type Sdk } from '@stoa/sdk';
import type { PostState, Vote } from './types';

/** What is personal about posts, fetched apart from the posts themselves so that those can be shared. */
export class OwnState {
  readonly posts = signal<ReadonlyMap<number, PostState>>(new Map());
  readonly comments = signal<ReadonlyMap<number, Vote>>(new Map());
  private readonly asked = new Set<number>();

  constructor(private readonly sdk: Sdk) {}

  /** Fetches what is not known yet. */
  async need(ids: readonly number[]): Promise<void> {
    const missing = ids.filter((id) => !this.asked.has(id));
    if (!missing.length || !this.sdk.session.user.peek()) return;
    for (const id of missing) this.asked.add(id);
    try {
      const { data } = await ask(this.sdk.api.GET('/api/v1/posts/state', { params: { query: { ids: missing.join(',') } } }));
      this.posts.value = new Map([...this.posts.peek(), ...data.items.map((state) => [state.id, state] as const)]);
      const votes = data.items.flatMap(({ comment_votes }) => Object.entries(comment_votes ?? {}).map(([id, vote]) => [Number(id), vote as Vote] as const));
      if (votes.length) this.comments.value = new Map([...this.comments.peek(), ...votes]);
    } catch {
      for (const id of missing) this.asked.delete(id);
    }
  }

  forget(): void {
    this.asked.clear();
    this.posts.value = new Map();
    this.comments.value = new Map();
  }

  voteOn(kind: 'post' | 'comment', id: number): Vote {
    return kind === 'post' ? (this.posts.value.get(id)?.my_vote ?? 0) : (this.comments.value.get(id) ?? 0);
  }

  setVote(kind: 'post' | 'comment', id: number, vote: Vote): void {
    if (kind === 'comment') {
      this.comments.value = new Map(this.comments.peek()).set(id, vote);
      return;
    }
    const state = this.posts.peek().get(id) ?? { id, my_vote: 0 };
    this.posts.value = new Map(this.posts.peek()).set(id, { ...state, my_vote: vote });
  }
}
