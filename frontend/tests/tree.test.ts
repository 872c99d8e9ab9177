import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepts, feedUrl, queryOf } from '../../plugins/posts/ui/feed_query';
import { arrange } from '../../plugins/posts/ui/tree';
import type { Comment, Summary } from '../../plugins/posts/ui/types';

const comment = (id: number, parent_id: number | null) => ({ id, parent_id }) as Comment;

test('answers stand under what they answer, orphans by themselves', () => {
  const { branches } = arrange([comment(1, null), comment(2, 1), comment(3, 99), comment(4, 2)], []);
  assert.deepEqual(branches.map((branch) => branch.comment.id), [1, 3]);
  assert.equal(branches[0]?.replies[0]?.replies[0]?.comment.id, 4);
});

test('an unsent answer waits under its comment', () => {
  const pending = { localId: 'x', parentId: 1, body: '', problem: null };
  const { branches } = arrange([comment(1, null)], [pending]);
  assert.deepEqual(branches[0]?.pending, [pending]);
});

test('an address and its feed', () => {
  assert.deepEqual(queryOf(new URLSearchParams('sort=top&show=mine'), 'help'), { sort: 'top', category: 'help', author: 'me' });
  assert.equal(feedUrl('/', new URLSearchParams('show=mine&sort=new'), { sort: '' }), '/?show=mine');
});

test('a new post enters the feeds it belongs to', () => {
  const post = { author: { id: 1, nickname: 'a' }, categories: [{ slug: 'help' }] } as Summary;
  assert.ok(accepts({ sort: 'active', category: 'help' }, post, null));
  assert.ok(!accepts({ sort: 'active', category: 'ideas' }, post, null));
  assert.ok(accepts({ sort: 'new', author: 'me' }, post, { id: 1 }));
  assert.ok(!accepts({ sort: 'top' }, post, null));
  assert.ok(!accepts({ sort: 'new', liked: true }, post, null));
});
