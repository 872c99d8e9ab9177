import { Avatar, Button, Empty, Failure, Heading, Html, Icon, Link, Outlet, plural, ProblemError, Skeleton, TimeAgo, type PageProps } from '@stoa/sdk';
import { useEffect, useRef } from 'preact/hooks';
import { CategoryLinks } from './card';
import { Branches } from './comment';
import { CommentForm } from './comment_form';
import type { Posts } from './context';
import { PostMenu } from './post_actions';
import { useReading } from './reading';
import type { Thread } from './thread';
import { arrange } from './tree';
import type { Post } from './types';
import { Votes } from './votes';

interface Shown {
  posts: Posts;
  thread: Thread;
  post: Post;
}

function Gone() {
  return (
    <>
      <Heading title="This post is gone" />
      <Empty icon="trash" title="The post was deleted, or never existed.">
        <a class="stoa-button" href="/">To the latest posts</a>
      </Empty>
    </>
  );
}

function Body({ posts, thread, post }: Shown) {
  const state = posts.own.posts.value.get(post.id);
  return (
    <article class="stoa-post">
      <header class="stoa-post-head">
        <Heading title={post.title} />
        <div class="stoa-meta">
          <Avatar name={post.author.nickname} url={post.author.avatar_url} size="s" />
          <Link class="stoa-author" href={`/u/${post.author.nickname}`}>{post.author.nickname}</Link>
          <TimeAgo time={post.created_at} />
          {post.edited_at && <span>edited <TimeAgo time={post.edited_at} /></span>}
          <CategoryLinks categories={post.categories} />
          {post.tags?.map((tag) => <span key={tag} class="stoa-tag">{tag}</span>)}
          {post.locked && <span class="stoa-meta-count"><Icon name="lock" />locked</span>}
        </div>
      </header>
      <Html html={post.html} class="stoa-prose-post" />
      <div class="stoa-actions">
        <Votes posts={posts} kind="post" target={post} counted={(counts) => (thread.post.value = { ...post, ...counts })} />
        <Outlet name="post.actions" context={{ post, state }} />
        <PostMenu posts={posts} thread={thread} post={post} />
      </div>
      <Outlet name="post.footer" context={{ post }} />
    </article>
  );
}

function Comments({ posts, thread, post }: Shown) {
  const end = useRef<HTMLDivElement>(null);
  const comments = thread.comments.value ?? [];
  const { branches, pending } = arrange(comments, thread.pending.value);
  const waiting = thread.waiting.value.length;
  const next = thread.next.value;
  useEffect(() => {
    if (!end.current) return;
    const observer = new IntersectionObserver(([entry]) => {
      thread.atEnd = entry?.isIntersecting ?? false;
      if (thread.atEnd) void thread.more();
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [thread, next]);
  return (
    <section class="stoa-comments" aria-label="Comments">
      <div class="stoa-comments-head"><h2>{plural(post.comment_count, 'comment')}</h2></div>
      {comments.length + pending.length > 0 ? (
        <ol><Branches posts={posts} thread={thread} branches={branches} pending={pending} /></ol>
      ) : (
        <p class="stoa-hint">{post.locked ? 'Nobody commented before this post was locked.' : 'No comments yet. What do you think?'}</p>
      )}
      {waiting > 0 && <div class="stoa-new"><Button kind="primary" onClick={() => thread.showWaiting()}>Show {plural(waiting, 'new comment')}</Button></div>}
      <div ref={end} class="stoa-posts-end">{next && <Button onClick={() => void thread.more()}>Show more comments</Button>}</div>
      {post.locked ? (
        <p class="stoa-hint">This post is locked: it can be read, but no longer answered.</p>
      ) : posts.user ? (
        <CommentForm posts={posts} thread={thread} />
      ) : (
        posts.sdk.router.knows('/login') && <p class="stoa-hint"><a href={`/login?next=/p/${post.id}`}>Log in</a> to comment.</p>
      )}
    </section>
  );
}

export function postPage(posts: Posts) {
  return function PostPage({ params }: PageProps) {
    const id = Number(params.id);
    if (!Number.isSafeInteger(id) || id < 1) return <Gone />;
    return <Opened posts={posts} thread={posts.thread(id)} key={id} />;
  };
}

function Opened({ posts, thread }: { posts: Posts; thread: Thread }) {
  const user = posts.user?.id;
  useReading(posts, thread);
  useEffect(() => void posts.own.need([thread.id]), [thread.id, user]);
  const { value: error } = thread.error;
  const post = thread.post.value;
  if (thread.deleted.value || (error instanceof ProblemError && error.status === 404)) return <Gone />;
  if (error) return <Failure error={error} retry={() => void thread.load()} />;
  if (!post) return <Skeleton rows={5} />;
  return (
    <>
      <Body posts={posts} thread={thread} post={post} />
      <Comments posts={posts} thread={thread} post={post} />
    </>
  );
}
