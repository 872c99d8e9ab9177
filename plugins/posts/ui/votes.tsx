import { ask, explain, IconButton } from '@stoa/sdk';
import type { Posts } from './context';
import type { Vote } from './types';

interface VotesProps {
  posts: Posts;
  kind: 'post' | 'comment';
  target: { id: number; likes: number; dislikes: number; author?: { id: number } | null };
  /** Takes over new numbers: at once the expected ones, then the server's. */
  counted(counts: { likes: number; dislikes: number }): void;
}

function expected(before: Vote, after: Vote, { likes, dislikes }: { likes: number; dislikes: number }) {
  return {
    likes: likes - Number(before === 1) + Number(after === 1),
    dislikes: dislikes - Number(before === -1) + Number(after === -1),
  };
}

export function Votes({ posts, kind, target, counted }: VotesProps) {
  const { sdk, own, user } = posts;
  const { id, likes, dislikes } = target;
  const mine = user !== null && target.author?.id === user.id;
  const current = own.voteOn(kind, id);
  const cast = async (wanted: Vote) => {
    if (!user) {
      if (sdk.router.knows('/login')) sdk.router.navigate(`/login?next=${encodeURIComponent(location.pathname)}`);
      else sdk.toast('Only members can vote.');
      return;
    }
    const value = current === wanted ? 0 : wanted;
    own.setVote(kind, id, value);
    counted(expected(current, value, target));
    const options = { params: { path: { id } }, body: { value } };
    try {
      const { data } = await ask(kind === 'post' ? sdk.api.PUT('/api/v1/posts/{id}/vote', options) : sdk.api.PUT('/api/v1/comments/{id}/vote', options));
      own.setVote(kind, id, data.my_vote);
      counted({ likes: data.likes, dislikes: data.dislikes });
    } catch (error) {
      own.setVote(kind, id, current);
      counted({ likes, dislikes });
      sdk.toast(explain(error), { kind: 'problem' });
    }
  };
  const own_note = mine ? ' (you cannot vote on your own)' : '';
  return (
    <div class="stoa-posts-votes" role="group" aria-label={`Votes on this ${kind}`}>
      <IconButton icon="up" data-action="like" label={`Like, ${likes} so far${own_note}`} count={likes} filled={current === 1} aria-pressed={current === 1} disabled={mine} onClick={() => void cast(1)} />
      <IconButton icon="down" label={`Dislike, ${dislikes} so far${own_note}`} count={dislikes} filled={current === -1} aria-pressed={current === -1} disabled={mine} onClick={() => void cast(-1)} />
    </div>
  );
}
