// Builds the browser application and the plugins' user interfaces: node build.mjs --out DIR [--dev]
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { assembleOpenApi, writeTypes } from './build/openapi.mjs';
import { buildPlugins } from './build/plugins.mjs';
import { buildShell } from './build/shell.mjs';
import { buildTypes } from './build/types.mjs';
import { put } from './build/write.mjs';

const { values } = parseArgs({ options: { out: { type: 'string' }, dev: { type: 'boolean', default: false } } });
if (!values.out) {
  console.error('usage: node build.mjs --out DIR [--dev]');
  process.exit(64);
}

const frontend = fileURLToPath(new URL('.', import.meta.url));
const root = resolve(frontend, '..');
const out = resolve(values.out);
const options = { frontend, root, out, dev: values.dev };

await Promise.all([
  rm(resolve(out, 'frontend'), { recursive: true, force: true }),
  rm(resolve(out, 'plugins'), { recursive: true, force: true }),
]);
const document = await assembleOpenApi(root);
await put(resolve(out, 'openapi.json'), JSON.stringify(document));
await writeTypes(document, resolve(frontend, 'assets/js/api/schema.d.ts'));
await buildShell(options);
await buildPlugins(options);
await buildTypes(options);
