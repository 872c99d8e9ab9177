import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { helpOf, inputOf, kindOf, labelOf, sortErrors, valueOf, type Inputs, type Problems, type Schema } from '../assets/js/admin/schema';

const schema: Schema = {
  type: 'object',
  properties: {
    mode: { type: 'string', enum: ['open', 'closed'], default: 'open' },
    name: { type: 'string' },
    most: { type: 'integer', minimum: 1, maximum: 20, default: 5, description: 'Most at once.' },
    share: { type: 'number', minimum: 0 },
    live: { type: 'boolean', default: true },
    fields: { type: 'array', items: { type: 'string', enum: ['age', 'gender'] }, default: [] },
    words: { type: 'array', items: { type: 'string' }, default: ['root'] },
    token: { type: 'string', writeOnly: true },
    password: { type: 'string', format: 'password' },
    rules: { type: 'array', items: { type: 'object' } },
    mail: { type: 'object', properties: { host: { type: 'string', default: 'localhost' }, 'a/b': { type: 'integer' } } },
  },
};

function roundTrip(settings: object, change: Inputs = {}): { value: unknown; problems: Problems } {
  const problems: Problems = new Map();
  const input = { ...(inputOf(schema, settings) as Inputs), ...change };
  return { value: valueOf(schema, input, settings, problems), problems };
}

test('every kind of value has its field', () => {
  const kinds = Object.entries(schema.properties ?? {}).map(([name, one]) => [name, kindOf(one)]);
  assert.deepEqual(Object.fromEntries(kinds), {
    mode: 'choice', name: 'text', most: 'number', share: 'number', live: 'switch', fields: 'choices', words: 'lines',
    token: 'secret', password: 'secret', rules: 'json', mail: 'group',
  });
});

test('defaults are filled in, and what is unset stays unset', () => {
  const { value, problems } = roundTrip({});
  assert.deepEqual(value, { mode: 'open', most: 5, live: true, fields: [], words: ['root'], mail: { host: 'localhost' } });
  assert.equal(problems.size, 0);
});

test('settings come back as they were, unknown ones among them', () => {
  const settings = { mode: 'closed', name: '', most: 7, share: 0.5, live: false, fields: ['age'], words: ['a', 'b c'], rules: [{ x: 1 }], mail: { host: 'h', 'a/b': 2, more: 1 }, other: [1] };
  assert.deepEqual(roundTrip(settings).value, settings);
});

test('secrets are never put into the form, and stay as they are unless typed anew', () => {
  const settings = { token: 'hush', password: 'hush too' };
  assert.ok(!JSON.stringify(inputOf(schema, settings)).includes('hush'));
  assert.ok(!JSON.stringify(roundTrip(settings).value).includes('hush'));
  assert.equal((roundTrip(settings, { token: 'new' }).value as { token: string }).token, 'new');
});

test('lines and choices become lists', () => {
  const { value } = roundTrip({}, { words: ' one \n\n two words\n', fields: ['gender', 'no such'] });
  assert.deepEqual((value as { words: string[] }).words, ['one', 'two words']);
  assert.deepEqual((value as { fields: string[] }).fields, ['gender']);
});

test('what cannot be meant is said beside its field', () => {
  const wrong = { most: '21', share: 'x', rules: '[', mail: { host: 'h', 'a/b': '1.5' } };
  const { problems } = roundTrip({}, wrong);
  assert.deepEqual([...problems.keys()], ['/most', '/share', '/rules', '/mail/a~1b']);
  assert.equal(problems.get('/most'), 'From 1 to 20.');
});

test('errors of the server go to their fields, a list\'s entries to the list, the rest to the whole', () => {
  const error = (pointer: string) => ({ pointer, detail: `about ${pointer}` });
  const { fields, rest } = sortErrors(schema, [error('/most'), error('/words/3'), error('/words[4]'), error('/mail/host'), error('/mail'), error('/wordsmith'), error('')]);
  assert.deepEqual(Object.fromEntries(fields), { '/most': 'About /most.', '/words': 'About /words/3. About /words[4].', '/mail/host': 'About /mail/host.' });
  assert.deepEqual(rest, ['about /mail', 'about /wordsmith', 'about ']);
});

test('names become words, and help has the default', () => {
  assert.equal(labelOf('post_interval_s', {}), 'Post interval (seconds)');
  assert.equal(labelOf('s', {}), 'S');
  assert.equal(labelOf('x', { title: 'The X' }), 'The X');
  assert.equal(helpOf({ type: 'integer', default: 5, description: 'Most at once.' }), 'Most at once. Default: 5.');
  assert.equal(helpOf({ type: 'string', format: 'password', default: 'secret' }), undefined);
});

test('the settings of every plugin of the repository have fields of their own', () => {
  const plugins = resolve('../plugins');
  let fields = 0;
  for (const id of readdirSync(plugins)) {
    let manifest: { settings?: Schema };
    try {
      manifest = JSON.parse(readFileSync(resolve(plugins, id, 'plugin.json'), 'utf8')) as { settings?: Schema };
    } catch {
      continue;
    }
    for (const [name, one] of Object.entries(manifest.settings?.properties ?? {})) {
      assert.notEqual(kindOf(one), 'json', `${id}.${name}`);
      fields += 1;
    }
  }
  assert.ok(fields > 20);
});
