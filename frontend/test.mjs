// Bundles the unit tests of the shell and the plugins and runs them with Node's own runner, within limits of time.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const kOneFileMs = 60_000;
const kAllTestsMs = 300_000;

const frontend = fileURLToPath(new URL('.', import.meta.url));
process.chdir(frontend);
const out = mkdtempSync(resolve(frontend, 'node_modules/.tests-'));
process.on('exit', () => rmSync(out, { recursive: true, force: true }));

const names = readdirSync(resolve(frontend, 'tests')).filter((name) => name.endsWith('.test.ts'));
await esbuild.build({
  entryPoints: names.map((name) => resolve(frontend, 'tests', name)),
  outdir: out,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node18',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
  alias: { '@stoa/sdk': resolve(frontend, 'sdk/index.ts') },
});

const files = names.map((name) => join(out, name.replace(/\.ts$/, '.mjs')));
// A file that hangs is stopped and fails, but only what it had begun tells where.
const underWay = new Map();
const keyOf = ({ file, nesting, name }) => `${file} ${nesting} ${name}`;
const hanging = () => `Still under way:\n  ${[...underWay.values()].join('\n  ') || '(nothing had begun)'}`;
const stop = new AbortController();
const tests = run({ files, timeout: kOneFileMs, concurrency: 2, forceExit: true, signal: stop.signal });
tests.on('test:dequeue', (test) => {
  if (!files.includes(test.name)) underWay.set(keyOf(test), `${basename(test.file ?? '')}: ${test.name}`);
});
tests.on('test:pass', (test) => underWay.delete(keyOf(test)));
tests.on('test:fail', (test) => {
  process.exitCode = 1;
  underWay.delete(keyOf(test));
  if (test.details.error?.failureType === 'testTimeoutFailure') console.error(`\n${basename(test.name)} did not end within ${kOneFileMs / 1000} s. ${hanging()}\n`);
});
setTimeout(() => {
  console.error(`\nThe unit tests did not end within ${kAllTestsMs / 1000} s. ${hanging()}`);
  // Ends the processes of the tests too.
  stop.abort();
  setTimeout(() => process.exit(1), 500);
}, kAllTestsMs).unref();
tests.compose(new spec()).pipe(process.stdout);
