import { ask, Avatar, Button, Confirm, Editor, explain, Html, IconButton, Link, Outlet, plural, TimeAgo, useSubmit } from '@stoa/sdk';
import { useState } from 'preact/hooks';
import { CommentForm } from './comment_form';
import type { Posts } from './context';
import type { Thread } from './thread';
import type { Branch } from './tree';
import type { Comment, PendingComment } from './types';
import { Votes } from './votes';

const kDeepest = 5;

interface Shared {
  posts: Posts;
  thread: Thread;
}

function EditForm({ posts, thread, comment, done }: Shared & { comment: Comment; done(): void }) {
  const [body, setBody] = useState(comment.body);
  const { busy, problem, submit } = useSubmit();
  const save = async () => {
    const saved = await submit(async () => {
      const options = { params: { path: { id: comment.id } }, body: { body, revision: comment.revision } };
      thread.put((await ask(posts.sdk.api.PATCH('/api/v1/comments/{id}', options))).data);
    });
    if (saved) done();
  };
  return (
    <form class="stoa-posts-comment-form" onSubmit={(event) => (event.preventDefault(), void save())}>
      {problem && <p class="stoa-failure" role="alert">{problem}</p>}
      <Editor sdk={posts.sdk} label="Your comment" preview={posts.preview} value={body} change={setBody} send={() => void save()} rows={3} maxLength={32_000} autofocus />
      <div class="stoa-form-end">
        <Button kind="primary" type="submit" busy={busy} disabled={!body.trim()}>Save</Button>
        <Button kind="quiet" onClick={done}>Cancel</Button>
      </div>
    </form>
  );
}

function Actions({ posts, thread, comment, edit, reply }: Shared & { comment: Comment; edit(): void; reply(): void }) {
  const [asking, askFirst] = useState(false);
  const post = thread.post.value;
  const mine = posts.user !== null && comment.author?.id === posts.user.id;
  const remove = async () => {
    try {
      await ask(posts.sdk.api.DELETE('/api/v1/comments/{id}', { params: { path: { id: comment.id } } }));
      posts.sdk.toast('The comment is deleted.');
    } catch (error) {
      posts.sdk.toast(explain(error), { kind: 'problem' });
    }
  };
  return (
    <div class="stoa-actions">
      <Votes posts={posts} kind="comment" target={comment} counted={(counts) => thread.put({ ...comment, ...counts })} />
      {posts.user && !post?.locked && <IconButton icon="reply" data-action="reply" label={`Answer ${comment.author?.nickname ?? ''}`} onClick={reply} />}
      {mine && <IconButton icon="edit" label="Edit this comment" onClick={edit} />}
      {(mine || posts.mayModerate()) && <IconButton icon="trash" label="Delete this comment" onClick={() => askFirst(true)} />}
      {post && <Outlet name="comment.actions" context={{ comment, post }} />}
      {asking && <Confirm title="Delete this comment?" text="Its text disappears for everybody." action="Delete" run={() => void remove()} close={() => askFirst(false)} />}
    </div>
  );
}

function Pending({ posts, thread, pending }: Shared & { pending: PendingComment }) {
  return (
    <li>
      <div class="stoa-comment stoa-posts-pending">
        <Avatar name={posts.user?.nickname ?? ''} url={posts.user?.avatar_url} size="s" />
        <p class="stoa-meta">
          <span class="stoa-author">{posts.user?.nickname}</span>
          {pending.problem === null ? <span>sending …</span> : <span class="stoa-field-error">{pending.problem}</span>}
        </p>
        <p class="stoa-posts-plain">{pending.body}</p>
        {pending.problem !== null && (
          <div class="stoa-form-end">
            <Button onClick={() => thread.retry(pending)}>Retry</Button>
            <Button kind="quiet" onClick={() => thread.discard(pending)}>Discard</Button>
          </div>
        )}
      </div>
    </li>
  );
}

function One({ posts, thread, branch, depth }: Shared & { branch: Branch; depth: number }) {
  const { comment } = branch;
  const [mode, setMode] = useState<'read' | 'edit' | 'reply'>('read');
  const back = () => setMode('read');
  const below = branch.replies.length + branch.pending.length > 0;
  return (
    <li>
      <article class="stoa-comment" id={`comment-${comment.id}`} data-comment={comment.id} tabIndex={-1} aria-label={`Comment of ${comment.author?.nickname ?? 'somebody'}`}>
        <Avatar name={comment.author?.nickname ?? '?'} url={comment.author?.avatar_url} size="s" />
        <p class="stoa-meta">
          {comment.author && <Link class="stoa-author" href={`/u/${comment.author.nickname}`}>{comment.author.nickname}</Link>}
          <a href={`#comment-${comment.id}`}><TimeAgo time={comment.created_at} /></a>
          {comment.edited_at && <span>edited</span>}
        </p>
        {comment.deleted ? <p class="stoa-comment-deleted">This comment was deleted.</p> : mode === 'edit' ? <EditForm posts={posts} thread={thread} comment={comment} done={back} /> : <Html html={comment.html} />}
        {!comment.deleted && mode !== 'edit' && <Actions posts={posts} thread={thread} comment={comment} edit={() => setMode('edit')} reply={() => setMode('reply')} />}
      </article>
      {mode === 'reply' && <CommentForm posts={posts} thread={thread} parent={{ id: comment.id, nickname: comment.author?.nickname ?? '' }} done={back} />}
      {below && (
        <ol class={depth < kDeepest ? 'stoa-replies' : ''} aria-label={plural(branch.replies.length, 'answer')}>
          <Branches posts={posts} thread={thread} branches={branch.replies} pending={branch.pending} depth={depth + 1} />
        </ol>
      )}
    </li>
  );
}

export function Branches({ posts, thread, branches, pending, depth = 0 }: Shared & { branches: readonly Branch[]; pending: readonly PendingComment[]; depth?: number }) {
  return (
    <>
      {branches.map((branch) => <One key={branch.comment.id} posts={posts} thread={thread} branch={branch} depth={depth} />)}
      {pending.map((one) => <Pending key={one.localId} posts={posts} thread={thread} pending={one} />)}
    </>
  );
}
