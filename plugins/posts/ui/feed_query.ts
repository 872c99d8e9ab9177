import type { Summary } from './types';

export type Sort = 'active' | 'new' | 'top';

/** Which posts a feed shows. */
export interface FeedQuery {
  readonly sort: Sort;
  readonly category?: string;
  readonly author?: string;
  readonly liked?: boolean;
}

/** The query an address stands for. */
export function queryOf(params: URLSearchParams, category?: string): FeedQuery {
  const sort = params.get('sort');
  const slug = category ?? params.get('category') ?? undefined;
  return {
    sort: sort === 'new' || sort === 'top' ? sort : 'active',
    ...(slug && { category: slug }),
    ...(params.get('show') === 'mine' && { author: 'me' }),
    ...(params.get('show') === 'liked' && { liked: true }),
  };
}

/** The address of a feed with some of its parameters changed. */
export function feedUrl(path: string, params: URLSearchParams, change: Record<string, string>): string {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(change)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next.size ? `${path}?${next.toString()}` : path;
}

export function isPlain({ sort, author, liked }: FeedQuery): boolean {
  return sort === 'active' && !author && !liked;
}

/** Whether a post that was just written belongs to the feed. */
export function accepts(query: FeedQuery, post: Summary, me: { id: number } | null): boolean {
  if (query.liked || query.sort === 'top') return false;
  if (query.category && !post.categories.some(({ slug }) => slug === query.category)) return false;
  if (!query.author) return true;
  return query.author === 'me' ? post.author.id === me?.id : post.author.nickname === query.author;
}
