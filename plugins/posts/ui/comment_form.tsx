import { Button, Draft, Editor } from '@stoa/sdk';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Posts } from './context';
import type { Thread } from './thread';

interface CommentFormProps {
  posts: Posts;
  thread: Thread;
  parent?: { id: number; nickname: string };
  done?: () => void;
  /** Text to begin with, such as a quotation. */
  start?: string;
}

/** Where a comment or an answer is written. What was written is kept until it is sent. */
export function CommentForm({ posts, thread, parent, done, start = '' }: CommentFormProps) {
  const draft = useMemo(() => new Draft<string>(`comment.${thread.id}.${parent?.id ?? 0}`), []);
  const [body, setBody] = useState(() => start + (draft.read() ?? ''));
  useEffect(() => () => draft.flush(), []);
  const change = (value: string) => {
    setBody(value);
    draft.write(value);
  };
  const send = () => {
    if (!body.trim()) return;
    thread.send(body, parent?.id ?? null);
    draft.discard();
    setBody('');
    done?.();
  };
  const cancel = () => {
    draft.discard();
    done?.();
  };
  const label = parent ? `Answer to ${parent.nickname}` : 'Your comment';
  return (
    <form class="stoa-posts-comment-form" onSubmit={(event) => (event.preventDefault(), send())}>
      <Editor sdk={posts.sdk} label={label} preview={posts.preview} value={body} change={change} send={send} rows={3} maxLength={32_000} placeholder={`${label} …`} autofocus={parent !== undefined} />
      <div class="stoa-form-end">
        <Button kind="primary" type="submit" disabled={!body.trim()}>{parent ? 'Answer' : 'Comment'}</Button>
        {parent && <Button kind="quiet" onClick={cancel}>Cancel</Button>}
      </div>
    </form>
  );
}
