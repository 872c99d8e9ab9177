import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutletName } from '../sdk/types';
import { contribute, entriesOf, knownInsteadOf, shows } from '../assets/js/plugins/outlets';

/** What is warned of while `run` runs. */
function warnings(run: () => void): string[] {
  const { warn } = console;
  const said: string[] = [];
  console.warn = (text: string) => void said.push(text);
  try {
    run();
  } finally {
    console.warn = warn;
  }
  return said;
}

const nothing = { component: () => null };

test('an outlet that nobody knows is warned of, by name, with those that are known, and is kept', () => {
  const unknown = 'post.foter' as OutletName;
  const said = warnings(() => contribute(unknown, 'hello', nothing));
  assert.equal(said.length, 1);
  for (const part of ['hello', 'post.foter', 'post.footer', 'admin.plugin', 'dock']) assert.ok(said[0]?.includes(part), part);
  assert.equal(entriesOf(unknown).peek().length, 1);
});

test('outlets of the contract, and those a plugin shows, are known', () => {
  const own = 'polls.footer' as OutletName;
  assert.deepEqual(warnings(() => contribute('post.footer', 'hello', nothing)), []);
  shows(own);
  assert.deepEqual(warnings(() => contribute(own, 'hello', nothing)), []);
  assert.ok(knownInsteadOf('constructor')?.includes(own));
});
