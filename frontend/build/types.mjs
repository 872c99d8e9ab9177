import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';
import { put } from './write.mjs';

/** What the contract's types are made of, by the name a module imports it with: the file that declares it. */
const kPackages = {
  preact: 'preact/src/index.d.ts',
  'preact/hooks': 'preact/hooks/src/index.d.ts',
  'preact/jsx-runtime': 'preact/jsx-runtime/src/index.d.ts',
  '@preact/signals': '@preact/signals/dist/signals.d.ts',
  '@preact/signals-core': '@preact/signals-core/dist/signals-core.d.ts',
  htm: 'htm/dist/htm.d.ts',
  'htm/preact': 'htm/preact/index.d.ts',
  'openapi-fetch': 'openapi-fetch/dist/index.d.ts',
  'openapi-typescript-helpers': 'openapi-typescript-helpers/dist/index.d.ts',
};

/** The files that a declaration file names relative to itself. */
async function named(path) {
  const { importedFiles, referencedFiles } = ts.preProcessFile(await readFile(path, 'utf8'));
  const near = [...importedFiles.filter(({ fileName }) => fileName.startsWith('.')), ...referencedFiles].map(({ fileName }) => resolve(dirname(path), fileName));
  return near.map((name) => [name, name.replace(/\.m?js$/, '.d.ts'), `${name}.d.ts`, `${name}/index.d.ts`].find((file) => file.endsWith('.d.ts') && ts.sys.fileExists(file))).filter(Boolean);
}

async function copyWithNamed(path, from, to, done = new Set()) {
  if (done.has(path)) return;
  done.add(path);
  const target = resolve(to, relative(from, path));
  await mkdir(dirname(target), { recursive: true });
  await copyFile(path, target);
  for (const next of await named(path)) await copyWithNamed(next, from, to, done);
}

/** The declarations of `@stoa/sdk`, and of no file that it does not reach. */
async function writeSdk(frontend, out, scratch) {
  const { config } = ts.readConfigFile(resolve(frontend, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, frontend);
  const program = ts.createProgram([resolve(frontend, 'sdk/index.ts')], { ...options, noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: frontend, outDir: scratch });
  const { emitSkipped } = program.emit();
  if (emitSkipped) throw new Error('the declarations of @stoa/sdk could not be written');
  await mkdir(resolve(scratch, 'assets/js/api'), { recursive: true });
  await copyFile(resolve(frontend, 'assets/js/api/schema.d.ts'), resolve(scratch, 'assets/js/api/schema.d.ts'));
  await copyWithNamed(resolve(scratch, 'sdk/index.d.ts'), scratch, resolve(out, '@stoa/sdk'));
  await put(resolve(out, '@stoa/sdk/package.json'), `${JSON.stringify({ name: '@stoa/sdk', version: '1.0.0', types: 'sdk/index.d.ts' })}\n`);
}

/** Writes `browser/`: all that an editor needs to know of what a plugin's module imports, each with its licence. */
export async function buildTypes({ frontend, out }) {
  const to = resolve(out, 'browser');
  const modules = resolve(frontend, 'node_modules');
  const scratch = resolve(out, '.declarations');
  await Promise.all([to, scratch].map((path) => rm(path, { recursive: true, force: true })));
  await writeSdk(frontend, to, scratch);
  for (const [name, types] of Object.entries(kPackages)) {
    await copyWithNamed(resolve(modules, types), modules, to);
    const owner = types.startsWith('@') ? types.split('/').slice(0, 2).join('/') : types.split('/')[0];
    await copyFile(resolve(modules, owner, 'LICENSE'), resolve(to, owner, 'LICENSE'));
    const { version, license } = JSON.parse(await readFile(resolve(modules, owner, 'package.json'), 'utf8'));
    await put(resolve(to, name, 'package.json'), `${JSON.stringify({ name, version, license, types: relative(name, types) })}\n`);
  }
  await rm(scratch, { recursive: true, force: true });
}
