import type { Schemas } from '@stoa/sdk';

export type Summary = Schemas['PostSummary'];
export type Post = Schemas['Post'];
export type Comment = Schemas['Comment'];
export type Category = Schemas['Category'];
export type PostState = Schemas['PostState'];
export type Vote = 1 | -1 | 0;

/** A comment on its way to the server, or one that did not arrive. */
export interface PendingComment {
  readonly localId: string;
  readonly parentId: number | null;
  readonly body: string;
  readonly problem: string | null;
}

/** Where a post lives. */
export function postUrl(post: { id: number; slug?: string }): string {
  return post.slug ? `/p/${post.id}/${post.slug}` : `/p/${post.id}`;
}
