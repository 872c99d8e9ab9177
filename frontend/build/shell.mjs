import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, relative, resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { put, putCompressed } from './write.mjs';

/** What the import map shares with plugin modules, and the entry that re-exports it. */
export const kShared = {
  preact: 'preact',
  'preact/hooks': 'preact-hooks',
  'preact/jsx-runtime': 'preact-jsx',
  '@preact/signals': 'signals',
  'htm/preact': 'htm',
  '@stoa/sdk': 'sdk',
};

export const kCommon = {
  bundle: true,
  format: 'esm',
  target: ['chrome100', 'firefox100', 'safari15.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'warning',
  write: false,
  metafile: true,
};

function entryUrl(metafile, outdir, entry) {
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (output.entryPoint && basename(output.entryPoint) === entry) return { path, url: `/assets/${relative(outdir, resolve(path))}` };
  }
  throw new Error(`no output for ${entry}`);
}

/** Every chunk that `path` imports statically, itself excluded. */
function chunksOf(metafile, path, seen = new Set()) {
  for (const { path: imported, kind } of metafile.outputs[path].imports) {
    if (kind !== 'import-statement' || seen.has(imported) || !metafile.outputs[imported]) continue;
    seen.add(imported);
    chunksOf(metafile, imported, seen);
  }
  return seen;
}

async function hashedImages(from) {
  const images = new Map();
  for (const name of await readdir(from)) {
    const contents = await readFile(resolve(from, name));
    const hash = createHash('sha256').update(contents).digest('hex').slice(0, 8).toUpperCase();
    images.set(name, { name: `${basename(name, extname(name))}-${hash}${extname(name)}`, contents });
  }
  return images;
}

function fill(template, values) {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name) => {
    if (!(name in values)) throw new Error(`index.html: nothing for {{${name}}}`);
    return values[name];
  });
}

/** Builds `index.html` and `assets/` of the shell. */
export async function buildShell({ frontend, out, dev }) {
  const assets = resolve(out, 'frontend/assets');
  const vendor = Object.values(kShared).map((name) => resolve(frontend, `assets/js/vendor/${name}.ts`));
  const js = await esbuild.build({
    ...kCommon,
    entryPoints: [resolve(frontend, 'assets/js/main.tsx'), ...vendor],
    outdir: resolve(assets, 'js'),
    splitting: true,
    minify: !dev,
    sourcemap: dev ? 'linked' : false,
    entryNames: '[name]-[hash]',
    chunkNames: 'chunk-[hash]',
    alias: { '@stoa/sdk': resolve(frontend, 'sdk/index.ts') },
    absWorkingDir: frontend,
  });
  const css = await esbuild.build({
    ...kCommon,
    entryPoints: [resolve(frontend, 'assets/css/app.css')],
    outdir: resolve(assets, 'css'),
    minify: !dev,
    entryNames: '[name]-[hash]',
    loader: { '.svg': 'dataurl' },
    absWorkingDir: frontend,
  });
  const images = await hashedImages(resolve(frontend, 'assets/images'));
  await Promise.all([
    ...[...js.outputFiles, ...css.outputFiles].map((file) => putCompressed(file.path, file.contents)),
    ...[...images.values()].map(({ name, contents }) => putCompressed(resolve(assets, 'images', name), contents)),
  ]);

  const absolute = (result) => ({
    outputs: Object.fromEntries(
      Object.entries(result.metafile.outputs).map(([path, output]) => [
        resolve(frontend, path),
        { ...output, imports: output.imports.map((one) => ({ ...one, path: resolve(frontend, one.path) })) },
      ]),
    ),
  });
  const scripts = absolute(js);
  const main = entryUrl(scripts, assets, 'main.tsx');
  const shared = Object.entries(kShared).map(([name, file]) => [name, entryUrl(scripts, assets, `${file}.ts`)]);
  // What the first paint needs, fetched side by side instead of one after the other. htm is for others' plugins only.
  const preloaded = new Set(chunksOf(scripts, main.path));
  for (const [name, entry] of shared) {
    if (name === 'htm/preact') continue;
    preloaded.add(entry.path);
    for (const chunk of chunksOf(scripts, entry.path)) preloaded.add(chunk);
  }
  const html = fill(await readFile(resolve(frontend, 'index.html'), 'utf8'), {
    css: entryUrl(absolute(css), assets, 'app.css').url,
    main: main.url,
    favicon: `/assets/images/${images.get('favicon.svg').name}`,
    importmap: JSON.stringify({ imports: Object.fromEntries(shared.map(([name, entry]) => [name, entry.url])) }),
    preload: [...preloaded].map((path) => `<link rel="modulepreload" href="/assets/${relative(assets, path)}">`).join('\n    '),
  });
  await put(resolve(out, 'frontend/index.html'), html);
}
