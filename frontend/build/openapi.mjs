import { readdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';

async function readJson(path) {
  return JSON.parse(await readFile(path, 'utf8'));
}

function mergeInto(target, part, owner, what) {
  for (const [name, value] of Object.entries(part ?? {})) {
    if (name in target) throw new Error(`${owner}: ${what} ${name} is described twice`);
    target[name] = value;
  }
}

/** The host's document with the parts of every plugin of the repository merged into it. */
export async function assembleOpenApi(root) {
  const document = await readJson(resolve(root, 'core/openapi.json'));
  const plugins = existsSync(resolve(root, 'plugins')) ? (await readdir(resolve(root, 'plugins'))).sort() : [];
  for (const id of plugins) {
    const path = resolve(root, 'plugins', id, 'openapi.json');
    if (!existsSync(path)) continue;
    const part = await readJson(path);
    mergeInto(document.paths, part.paths, id, 'path');
    for (const [kind, members] of Object.entries(part.components ?? {})) {
      mergeInto((document.components[kind] ??= {}), members, id, `component ${kind}`);
    }
    document.tags.push({ name: id });
  }
  return document;
}

/** Writes the TypeScript types of the document, which the REST client is typed with. */
export async function writeTypes(document, path) {
  const types = astToString(await openapiTS(structuredClone(document)));
  const known = existsSync(path) ? await readFile(path, 'utf8') : '';
  if (known !== types) await writeFile(path, types);
}
