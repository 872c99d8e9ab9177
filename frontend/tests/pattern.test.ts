import assert from 'node:assert/strict';
import { test } from 'node:test';
import { match } from '../assets/js/router/pattern';

test('patterns give their decoded values', () => {
  assert.deepEqual(match('/', '/'), {});
  assert.deepEqual(match('/p/:id/:slug?', '/p/5'), { id: '5' });
  assert.deepEqual(match('/p/:id/:slug?', '/p/5/a-bench/'), { id: '5', slug: 'a-bench' });
  assert.deepEqual(match('/u/:nickname', '/u/J%C3%BCrgen'), { nickname: 'Jürgen' });
});

test('other paths do not match', () => {
  assert.equal(match('/', '/login'), null);
  assert.equal(match('/p/:id', '/p'), null);
  assert.equal(match('/p/:id', '/p/1/2'), null);
  assert.equal(match('/u/:nickname', '/u/%E0%A4%A'), null);
});
