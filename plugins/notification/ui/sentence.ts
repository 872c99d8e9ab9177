import type { Schemas } from '@stoa/sdk';

const kVerbs: Record<string, string> = {
  comment: 'commented on',
  reply: 'answered you in',
  mention: 'mentioned you in',
  vote: 'liked',
  moderation: 'moderated',
};

/** "alice", "alice and bob", "alice and 3 others". */
function people({ actors, count }: Schemas['Notification']): string {
  const [first, second] = actors;
  if (!first) return 'Somebody';
  const others = Math.max(count, actors.length) - 1;
  if (others <= 0) return first.nickname;
  return others === 1 && second ? `${first.nickname} and ${second.nickname}` : `${first.nickname} and ${others} others`;
}

/** A notification in words. */
export function sentence(notification: Schemas['Notification']): string {
  const { type, actors, count, subject } = notification;
  if (type === 'message') return `${actors[0]?.nickname ?? 'Somebody'} sent you ${count > 1 ? `${count} messages` : 'a message'}`;
  const named = { ...notification, count: type === 'vote' ? count : actors.length };
  const title = subject.title ? `“${subject.title}”` : 'something of yours';
  return `${people(named)} ${kVerbs[type] ?? `(${type})`} ${title}`;
}
