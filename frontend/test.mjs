// Bundles the unit tests of the shell and the plugins and runs them with Node's own runner.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const frontend = fileURLToPath(new URL('.', import.meta.url));
const out = mkdtempSync(resolve(frontend, 'node_modules/.tests-'));
try {
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
  process.exitCode = spawnSync(process.execPath, ['--test', ...files], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
