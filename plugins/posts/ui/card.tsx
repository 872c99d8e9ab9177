import { Avatar, Icon, Link, plural, TimeAgo } from '@stoa/sdk';
import type { Posts } from './context';
import { postUrl, type Summary } from './types';

export function CategoryLinks({ categories }: { categories: Summary['categories'] }) {
  return (
    <>
      {categories.map(({ id, slug, name, color }) => (
        <a key={id} class="stoa-category" href={`/c/${slug}`} style={{ '--stoa-category': color }}>{name}</a>
      ))}
    </>
  );
}

/** A post in a list. */
export function Card({ posts, post }: { posts: Posts; post: Summary }) {
  const url = postUrl(post);
  const liked = posts.own.voteOn('post', post.id) === 1;
  return (
    <article class="stoa-card" aria-labelledby={`post-${post.id}`}>
      <Avatar name={post.author.nickname} url={post.author.avatar_url} />
      <h2 class="stoa-card-title" id={`post-${post.id}`}>
        {post.pinned && <Icon name="pin" />}
        {post.locked && <Icon name="lock" />}
        {post.pinned && <span class="stoa-hidden">Pinned: </span>}
        {post.locked && <span class="stoa-hidden">Locked: </span>}
        <a href={url} onPointerDown={() => void posts.thread(post.id)}>{post.title}</a>
      </h2>
      <p class="stoa-card-excerpt">{post.excerpt}</p>
      <div class="stoa-meta">
        <Link href={`/u/${post.author.nickname}`}>{post.author.nickname}</Link>
        <CategoryLinks categories={post.categories} />
        <TimeAgo time={post.last_activity_at} />
        <span class="stoa-meta-count" title={plural(post.comment_count, 'comment')}>
          <Icon name="comment" />
          {post.comment_count}
          <span class="stoa-hidden"> {post.comment_count === 1 ? 'comment' : 'comments'}</span>
        </span>
        <span class="stoa-meta-count" title={plural(post.likes, 'like')}>
          <Icon name="up" filled={liked} />
          {post.likes}
          <span class="stoa-hidden"> {post.likes === 1 ? 'like' : 'likes'}{liked ? ', yours among them' : ''}</span>
        </span>
      </div>
    </article>
  );
}
