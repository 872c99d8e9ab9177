import type { Comment, PendingComment } from './types';

/** A comment with the answers to it, oldest first. */
export interface Branch {
  readonly comment: Comment;
  readonly replies: readonly Branch[];
  readonly pending: readonly PendingComment[];
}

/** Arranges comments under those they answer. An answer to a comment that is not loaded stands by itself. */
export function arrange(comments: readonly Comment[], pending: readonly PendingComment[]): { branches: Branch[]; pending: PendingComment[] } {
  const known = new Set(comments.map(({ id }) => id));
  const parentOf = (id: number | null) => (id !== null && known.has(id) ? id : null);
  const children = groupBy(comments, ({ parent_id }) => parentOf(parent_id));
  const waiting = groupBy(pending, ({ parentId }) => parentOf(parentId));
  const build = (parent: number | null): Branch[] =>
    (children.get(parent) ?? []).map((comment) => ({ comment, replies: build(comment.id), pending: waiting.get(comment.id) ?? [] }));
  return { branches: build(null), pending: waiting.get(null) ?? [] };
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
