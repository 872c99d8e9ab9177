import { ask } from '@stoa/sdk';
import { useEffect } from 'preact/hooks';
import type { Posts } from './context';
import type { Thread } from './thread';
import { postUrl } from './types';

const kAfterMs = 800;
const kAtTop = 200;
const kUnderTheHead = '-64px 0px 0px';

function commentOf(hash: string): number {
  return Number(/^#comment-(\d+)$/.exec(hash)?.[1] ?? 0);
}

async function goTo(thread: Thread, id: number): Promise<void> {
  await thread.reach(id);
  requestAnimationFrame(() => {
    const element = document.getElementById(`comment-${id}`);
    element?.scrollIntoView();
    element?.focus({ preventScroll: true });
  });
}

/** Opens a post where the address says or where reading ended, and follows what is read. */
export function useReading(posts: Posts, thread: Thread): void {
  const { sdk, own } = posts;
  const hash = sdk.router.place.value.hash;
  const loaded = thread.comments.value !== null;
  const count = thread.comments.value?.length ?? 0;

  useEffect(() => {
    const scrolled = (history.state as { scroll?: number } | null)?.scroll ?? 0;
    if (scrolled > 0) return;
    const wanted = commentOf(hash);
    if (wanted) {
      void goTo(thread, wanted);
      return;
    }
    void Promise.all([thread.ready, own.need([thread.id])]).then(() => {
      const last = own.posts.peek().get(thread.id)?.last_read_comment_id ?? 0;
      const unread = last ? thread.comments.peek()?.find((one) => one.id > last && one.author?.id !== posts.user?.id) : undefined;
      if (unread && scrollY === 0) void goTo(thread, unread.id);
    });
  }, [thread, hash]);

  useEffect(() => {
    if (!loaded) return;
    let furthest = own.posts.peek().get(thread.id)?.last_read_comment_id ?? 0;
    let reported = furthest;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const visible = new Set<number>();
    const settle = () => {
      const post = thread.post.peek();
      if (!post || !sdk.router.place.peek().path.startsWith(`/p/${thread.id}`)) return;
      const named = commentOf(location.hash);
      const first = visible.has(named) ? named : Math.min(...visible);
      sdk.router.relabel(postUrl(post) + (scrollY >= kAtTop && Number.isFinite(first) ? `#comment-${first}` : ''));
      if (!posts.user || furthest <= reported) return;
      reported = furthest;
      void ask(sdk.api.PUT('/api/v1/posts/{id}/read', { params: { path: { id: thread.id } }, body: { comment_id: furthest } })).catch(() => undefined);
    };
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const id = Number((target as HTMLElement).dataset.comment);
        if (isIntersecting) {
          visible.add(id);
          furthest = Math.max(furthest, id);
        } else visible.delete(id);
      }
      clearTimeout(timer);
      timer = setTimeout(settle, kAfterMs);
    }, { rootMargin: kUnderTheHead });
    for (const element of document.querySelectorAll('[data-comment]')) observer.observe(element);
    return () => {
      observer.disconnect();
      clearTimeout(timer);
    };
  }, [thread, loaded, count]);
}
