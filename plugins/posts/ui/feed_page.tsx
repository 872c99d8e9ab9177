import { Heading, Select, type PageProps } from '@stoa/sdk';
import type { Posts } from './context';
import { FeedList, NoPosts } from './feed_list';
import { feedUrl, queryOf } from './feed_query';

const kSorts = [
  { value: 'active', label: 'Latest activity' },
  { value: 'new', label: 'Newest' },
  { value: 'top', label: 'Most liked' },
];
const kShown = [
  { value: '', label: 'All' },
  { value: 'mine', label: 'My posts' },
  { value: 'liked', label: 'Posts I liked' },
];

/** Which posts, in which order; all of it in the address. */
function Filters({ posts, slug, query }: { posts: Posts; slug: string; query: URLSearchParams }) {
  const { router } = posts.sdk;
  const path = slug ? `/c/${slug}` : '/';
  const set = (change: Record<string, string>) => router.navigate(feedUrl(path, query, change));
  const categories = [{ value: '', label: 'All categories' }, ...posts.categories.value.map(({ slug, name }) => ({ value: slug, label: name }))];
  const shown = query.get('show') ?? '';
  return (
    <div class="stoa-posts-filters">
      {posts.user && (
        <div class="stoa-posts-tabs" role="group" aria-label="Show">
          {kShown.map(({ value, label }) => (
            <a key={value} href={feedUrl(path, query, { show: value })} aria-current={shown === value ? 'true' : undefined}>{label}</a>
          ))}
        </div>
      )}
      <div class="stoa-posts-selects">
        <Select bare label="Category" value={slug} options={categories} change={(to) => router.navigate(feedUrl(to ? `/c/${to}` : '/', query, {}))} />
        <Select bare label="Order" value={query.get('sort') ?? 'active'} options={kSorts} change={(sort) => set({ sort: sort === 'active' ? '' : sort })} />
      </div>
    </div>
  );
}

export function feedPage(posts: Posts) {
  return function FeedPage({ params, query }: PageProps) {
    const slug = params.slug ?? query.get('category') ?? '';
    const category = posts.categories.value.find((one) => one.slug === slug);
    const feedQuery = queryOf(posts.user ? query : new URLSearchParams({ sort: query.get('sort') ?? '' }), slug || undefined);
    const title = slug ? (category?.name ?? 'Category') : 'Latest posts';
    return (
      <>
        <Heading title={title} />
        {category?.description && <p class="stoa-posts-lead">{category.description}</p>}
        <Filters posts={posts} slug={slug} query={query} />
        <FeedList key={JSON.stringify(feedQuery)} posts={posts} query={feedQuery} empty={<NoPosts posts={posts} query={feedQuery} />} />
      </>
    );
  };
}
