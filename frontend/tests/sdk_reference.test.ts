import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const types = readFileSync('sdk/types.ts', 'utf8');
const reference = readFileSync('sdk/README.md', 'utf8');

function members(name: string): string[] {
  const body = new RegExp(`export interface ${name} \\{(.*?)\\n\\}`, 's').exec(types)?.[1] ?? '';
  return [...body.matchAll(/^ {2}(?:readonly )?'?([\w.]+)'?[<:(]/gm)].map((match) => match[1] ?? '');
}

test('the reference names every outlet of the contract, and no other', () => {
  const table = reference.split('## Outlets')[1]?.split('\n\n')[0] ?? '';
  const described = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap((row) => [...(row[1] ?? '').matchAll(/`([\w.]+)`/g)].map((match) => match[1]));
  assert.ok(described.length > 10);
  assert.deepEqual(described.sort(), members('OutletContexts').sort());
});

test('the reference names every member of the SDK', () => {
  const names = members('Sdk');
  assert.ok(names.includes('outlet') && names.includes('version'));
  for (const name of names) assert.match(reference, new RegExp(`\\b${name}\\b`), name);
});
