import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { kCommon, kShared } from './shell.mjs';
import { putCompressed } from './write.mjs';

/** The ids of the repository's plugins that bring a user interface. */
export async function pluginsWithUi(root) {
  const folder = resolve(root, 'plugins');
  if (!existsSync(folder)) return [];
  return (await readdir(folder)).filter((id) => existsSync(resolve(folder, id, 'ui/index.ts'))).sort();
}

/** Plugin style sheets are imported as text; `sdk.styles` puts them on the page. */
function styleSheets(dev) {
  return {
    name: 'style-sheets',
    setup(build) {
      build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
        const result = await esbuild.build({ entryPoints: [path], bundle: true, write: false, minify: !dev });
        return { contents: result.outputFiles[0].text.trim(), loader: 'text' };
      });
    },
  };
}

/** Builds `plugins/<id>/ui/index.js` for every plugin of the repository. */
export async function buildPlugins({ root, out, dev }) {
  for (const id of await pluginsWithUi(root)) {
    const result = await esbuild.build({
      ...kCommon,
      entryPoints: [resolve(root, 'plugins', id, 'ui/index.ts')],
      outdir: resolve(out, 'plugins', id, 'ui'),
      splitting: true,
      minify: !dev,
      sourcemap: dev ? 'inline' : false,
      entryNames: 'index',
      chunkNames: 'chunk-[hash]',
      external: Object.keys(kShared),
      plugins: [styleSheets(dev)],
    });
    await Promise.all(result.outputFiles.map((file) => putCompressed(file.path, file.contents)));
  }
}
