import { ask, Confirm, Dialog, explain, Failure, Icon, Menu, Skeleton, TimeAgo, useLoaded } from '@stoa/sdk';
import { useState } from 'preact/hooks';
import type { Posts } from './context';
import type { Thread } from './thread';
import type { Post } from './types';

function History({ posts, post, close }: { posts: Posts; post: Post; close(): void }) {
  const { value, error } = useLoaded(String(post.id), async () => (await ask(posts.sdk.api.GET('/api/v1/posts/{id}/revisions', { params: { path: { id: post.id } } }))).data.items);
  return (
    <Dialog title="History" close={close}>
      {error ? <Failure error={error} /> : !value ? <Skeleton rows={2} /> : (
        <ol class="stoa-rows">
          {value.map(({ revision, title, body, created_at, editor }) => (
            <li key={revision} class="stoa-posts-revision">
              <p class="stoa-meta"><span class="stoa-author">{editor?.nickname ?? post.author.nickname}</span><TimeAgo time={created_at} /></p>
              {title && <p class="stoa-row-title">{title}</p>}
              <p class="stoa-posts-plain">{body}</p>
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}

/** Edit, delete, and what moderators may do. */
export function PostMenu({ posts, thread, post }: { posts: Posts; thread: Thread; post: Post }) {
  const { sdk } = posts;
  const [shown, show] = useState<'history' | 'delete' | null>(null);
  const mine = posts.user?.id === post.author.id;
  const moderator = posts.mayModerate();
  const path = { path: { id: post.id } };
  const attempt = async (act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      sdk.toast(explain(error), { kind: 'problem' });
    }
  };
  const patch = (change: { pinned?: boolean; locked?: boolean }) =>
    attempt(async () => {
      thread.post.value = (await ask(sdk.api.PATCH('/api/v1/posts/{id}', { params: path, body: { ...change, revision: post.revision } }))).data;
    });
  const restore = () =>
    attempt(async () => {
      await ask(sdk.api.POST('/api/v1/posts/{id}/restore', { params: path }));
      sdk.router.navigate(`/p/${post.id}`);
    });
  const remove = () =>
    attempt(async () => {
      await ask(sdk.api.DELETE('/api/v1/posts/{id}', { params: path }));
      sdk.router.navigate('/');
      sdk.toast('The post is deleted.', moderator ? { action: { label: 'Undo', run: () => void restore() } } : {});
    });
  const items = [
    (mine || moderator) && { icon: 'edit' as const, label: 'Edit', run: () => posts.composer.edit(post) },
    post.edited_at && { icon: 'restore' as const, label: 'History', run: () => show('history') },
    moderator && { icon: 'pin' as const, label: post.pinned ? 'Unpin' : 'Pin to the top', run: () => void patch({ pinned: !post.pinned }) },
    moderator && { icon: 'lock' as const, label: post.locked ? 'Unlock' : 'Lock', run: () => void patch({ locked: !post.locked }) },
    (mine || moderator) && { icon: 'trash' as const, label: 'Delete', run: () => show('delete') },
  ].filter((item) => typeof item === 'object' && item !== null);
  if (!items.length) return null;
  return (
    <>
      <Menu label="More about this post" trigger={<Icon name="more" />}>
        {items.map(({ icon, label, run }) => (
          <button key={label} type="button" class="stoa-menu-item" onClick={run}><Icon name={icon} />{label}</button>
        ))}
      </Menu>
      {shown === 'history' && <History posts={posts} post={post} close={() => show(null)} />}
      {shown === 'delete' && <Confirm title="Delete this post?" text="It disappears with its comments. A moderator can bring it back." action="Delete" run={() => void remove()} close={() => show(null)} />}
    </>
  );
}
