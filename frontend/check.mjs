// Type-checks the shell, the plugins' user interfaces and the browser tests, and checks the budgets of a fresh build.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const kOneStepMs = 300_000;

const frontend = fileURLToPath(new URL('.', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'stoa-ui-'));

function step(name, ...args) {
  console.log(`${name} ...`);
  const { status, error } = spawnSync(process.execPath, args, { cwd: frontend, stdio: 'inherit', timeout: kOneStepMs, killSignal: 'SIGKILL' });
  if (status === 0) return;
  if (error?.code === 'ETIMEDOUT') console.error(`${name} did not end within ${kOneStepMs / 1000} s`);
  rmSync(out, { recursive: true, force: true });
  process.exit(1);
}

/** Lays out browser files of the SDK as in an author's directory, where nothing is known but what is installed. */
function asAuthor(part) {
  const place = join(out, 'author', part);
  cpSync(resolve(frontend, '../sdk', part, 'ui'), join(place, 'ui'), { recursive: true });
  const config = readFileSync(resolve(frontend, '../sdk/template/ui/jsconfig.json'), 'utf8');
  writeFileSync(join(place, 'jsconfig.json'), config.replace('@PREFIX@/share/stoa/sdk', out).replace('"noEmit"', '"strict": true, "noImplicitAny": true, "noEmit"'));
  return join(place, 'jsconfig.json');
}

const tsc = resolve(frontend, 'node_modules/typescript/bin/tsc');
step('build', 'build.mjs', '--out', out);
step('types of the shell and the plugins', tsc, '--noEmit', '-p', 'tsconfig.json');
step('types of the unit tests', tsc, '--noEmit', '-p', 'tests/tsconfig.json');
if (existsSync(resolve(frontend, '../tests/e2e/node_modules'))) step('types of the browser tests', tsc, '--noEmit', '-p', '../tests/e2e/tsconfig.json');
step('types of the SDK as authors see them', tsc, '-p', asAuthor('template/ui'));
step('types of the example', tsc, '-p', asAuthor('examples/polls'));
step('budgets', 'budget.mjs', out);
rmSync(out, { recursive: true, force: true });
