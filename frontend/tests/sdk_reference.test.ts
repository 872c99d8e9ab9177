import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('the page of the SDK says what the types say', () => {
  const { status, stderr } = spawnSync(process.execPath, ['build/reference.mjs', '--check'], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});

test('the tables of the page name every outlet and every member of the SDK', () => {
  const types = readFileSync('sdk/types.ts', 'utf8');
  const page = readFileSync('../sdk/docs/browser.md', 'utf8');
  for (const name of ['Sdk', 'OutletContexts']) {
    const body = new RegExp(`export interface ${name} \\{(.*?)\\n\\}`, 's').exec(types)?.[1] ?? '';
    const members = [...body.matchAll(/^ {2}(?:readonly )?'?([\w.]+)'?[<:(]/gm)].map((match) => match[1]);
    assert.ok(members.length > 10);
    for (const member of members) assert.match(page, new RegExp(`^\\| \`${member}\\b`, 'm'), member);
  }
});
