// Checks the sizes of a build against the budgets: node budget.mjs DIR
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const kFirstLoad = 60 * 1024;
const kPluginUi = 15 * 1024;

const out = resolve(process.argv[2] ?? '../build/ui');
const sizeOf = async (path) => gzipSync(await readFile(path), { level: 9 }).length;
const total = async (paths) => (await Promise.all(paths.map(sizeOf))).reduce((sum, size) => sum + size, 0);

const html = await readFile(resolve(out, 'frontend/index.html'), 'utf8');
const first = new Set([...html.matchAll(/(?:href|src)="(\/assets\/js\/[^"]+)"/g)].map((match) => match[1]));
const rows = [['shell, first load', await total([...first].map((url) => resolve(out, `frontend${url}`))), kFirstLoad]];
const plugins = resolve(out, 'plugins');
for (const id of existsSync(plugins) ? await readdir(plugins) : []) {
  const ui = resolve(plugins, id, 'ui');
  const scripts = (await readdir(ui)).filter((name) => name.endsWith('.js')).map((name) => resolve(ui, name));
  rows.push([`plugin ${id}`, await total(scripts), kPluginUi]);
}

let over = 0;
for (const [name, size, limit] of rows) {
  if (size > limit) over += 1;
  console.log(`${size > limit ? 'OVER' : 'ok  '} ${name}: ${(size / 1024).toFixed(1)} KB of ${limit / 1024} KB gzip`);
}
process.exit(over ? 1 : 0);
