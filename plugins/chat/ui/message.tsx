import { Avatar, Button, Confirm, DayName, Html, IconButton, Link, Stamp } from '@stoa/sdk';
import { useState } from 'preact/hooks';
import type { OpenConversation, PendingMessage } from './conversation';
import type { Message } from './people';

interface MessageRowProps {
  conversation: OpenConversation;
  message: Message;
  mine: boolean;
  edit(): void;
}

/** Where a day begins. */
export function DayRow({ time }: { time: string }) {
  return <li class="stoa-chat-day"><DayName time={time} /></li>;
}

export function MessageRow({ conversation, message, mine, edit }: MessageRowProps) {
  const [asking, askFirst] = useState(false);
  const { sender } = message;
  return (
    <li class="stoa-chat-message" data-mine={mine || undefined} data-message={message.id}>
      <Avatar name={sender.nickname} url={sender.avatar_url} size="s" />
      <div class="stoa-chat-bubble">
        <p class="stoa-meta">
          <Link class="stoa-author" href={`/u/${sender.nickname}`}>{sender.nickname}</Link>
          <Stamp time={message.created_at} />
          {message.edited_at && !message.deleted && <span>edited</span>}
        </p>
        {message.deleted ? <p class="stoa-comment-deleted">This message was deleted.</p> : <Html html={message.html} />}
      </div>
      {mine && !message.deleted && (
        <div class="stoa-chat-tools">
          <IconButton icon="edit" label="Edit this message" onClick={edit} />
          <IconButton icon="trash" label="Delete this message" onClick={() => askFirst(true)} />
        </div>
      )}
      {asking && <Confirm title="Delete this message?" text="Its text disappears for everybody." action="Delete" run={() => void conversation.remove(message)} close={() => askFirst(false)} />}
    </li>
  );
}

export function PendingRow({ conversation, pending, nickname }: { conversation: OpenConversation; pending: PendingMessage; nickname: string }) {
  return (
    <li class="stoa-chat-message stoa-chat-pending" data-mine>
      <Avatar name={nickname} size="s" />
      <div class="stoa-chat-bubble">
        <p class="stoa-meta">
          <span class="stoa-author">{nickname}</span>
          {pending.problem === null ? <span>sending …</span> : <span class="stoa-field-error">{pending.problem}</span>}
        </p>
        <p class="stoa-chat-plain">{pending.body}</p>
        {pending.problem !== null && (
          <div class="stoa-form-end">
            <Button onClick={() => conversation.retry(pending)}>Retry</Button>
            <Button kind="quiet" onClick={() => conversation.discard(pending)}>Discard</Button>
          </div>
        )}
      </div>
    </li>
  );
}
