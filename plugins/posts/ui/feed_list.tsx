import { Button, Empty, Failure, plural, Skeleton } from '@stoa/sdk';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Card } from './card';
import type { Posts } from './context';
import type { FeedQuery } from './feed_query';

interface FeedListProps {
  posts: Posts;
  query: FeedQuery;
  empty: ComponentChildren;
}

/** A list of posts that goes on as one scrolls. */
export function FeedList({ posts, query, empty }: FeedListProps) {
  const feed = posts.feeds.get(query);
  const items = feed.items.value;
  const end = useRef<HTMLDivElement>(null);
  const next = feed.next.value;
  useEffect(() => {
    if (items) void posts.own.need(items.map(({ id }) => id));
  }, [items?.length, posts.user?.id]);
  useEffect(() => {
    if (!end.current || !next) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && void feed.more(), { rootMargin: '600px' });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [feed, next]);

  if (!items) return feed.error.value ? <Failure error={feed.error.value} retry={() => void feed.reload()} /> : <Skeleton rows={6} />;
  const waiting = feed.waiting.value.length;
  return (
    <>
      {waiting > 0 && (
        <div class="stoa-new">
          <Button kind="primary" onClick={() => (feed.showWaiting(), scrollTo({ top: 0 }))}>Show {plural(waiting, 'new post')}</Button>
        </div>
      )}
      {items.length === 0 ? empty : (
        <ol class="stoa-feed">
          {items.map((post) => <li key={post.id}><Card posts={posts} post={post} /></li>)}
        </ol>
      )}
      {feed.error.value ? <Failure error={feed.error.value} retry={() => (feed.error.value = null, void feed.more())} /> : null}
      <div ref={end} class="stoa-more">
        {next && <Button busy={feed.loading.value} onClick={() => void feed.more()}>Show more</Button>}
      </div>
    </>
  );
}

export function NoPosts({ posts, query }: { posts: Posts; query: FeedQuery }) {
  const title = query.liked ? 'You have not liked any post yet.' : query.author ? 'Nothing written yet.' : 'Nobody has written here yet.';
  return (
    <Empty icon="comment" title={title}>
      {query.liked ? <p>Press the thumb under a post, and it is kept here.</p> : posts.user && query.author !== undefined && query.author !== 'me' ? null : (
        <>
          <p>Be the first to start a conversation.</p>
          {posts.user && <Button kind="primary" icon="plus" onClick={() => posts.composer.write()}>Write a post</Button>}
        </>
      )}
    </Empty>
  );
}
