// Starts the real server on a free port, with a data directory of its own.
import { execFile, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdtemp, readdir, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { within } from './limits.mjs';

const kReadyWithinMs = 120_000;
const kOneAnswerMs = 5_000;
const kStopsWithinMs = 20_000;
const kOneCommandMs = 30_000;

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** @param {() => Promise<boolean>} holds @param {string} what */
async function until(holds, what) {
  const end = Date.now() + kReadyWithinMs;
  while (Date.now() < end) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} took longer than ${kReadyWithinMs / 1000} s`);
}

/**
 * The bundled plugins and one more, in a directory of their own.
 * @param {string} binary @param {string} example @param {string} directory
 */
async function gatherPlugins(binary, example, directory) {
  const bundled = resolve(dirname(binary), '../lib/stoa/plugins');
  await cp(example, join(directory, 'polls.so'));
  for (const name of await readdir(bundled)) if (name !== 'polls.so') await symlink(join(bundled, name), join(directory, name));
}

/**
 * @typedef {{ url: string, setupUrl: string, log: () => string, command: (...words: string[]) => Promise<void>, stop: () => Promise<void>, kill: () => void }} Server
 * `command` is one of the command line, run beside the server. `kill` leaves nothing behind, and waits for nothing.
 * @param {string} binary @param {string} example the library of the polls @returns {Promise<Server>}
 */
export async function startServer(binary, example) {
  const port = await freePort();
  const dataDir = await mkdtemp(join(tmpdir(), 'stoa-e2e-'));
  const pluginDir = await mkdtemp(join(tmpdir(), 'stoa-e2e-plugins-'));
  await gatherPlugins(binary, example, pluginDir);
  const env = { ...process.env, STOA__HTTP__PORT: String(port), STOA__DATA_DIR: dataDir, STOA__LIMITS__ENABLED: 'false', STOA__PLUGINS__DIR: pluginDir };
  const url = `http://127.0.0.1:${port}`;
  let log = '';
  const child = spawn(binary, ['serve'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (log += String(bytes)));
  const gone = new Promise((resolve) => child.on('exit', resolve));
  const kill = () => {
    child.kill('SIGKILL');
    for (const directory of [dataDir, pluginDir]) rmSync(directory, { recursive: true, force: true });
  };
  const command = async (/** @type {string[]} */ ...words) => {
    await promisify(execFile)(binary, words, { env, timeout: kOneCommandMs });
  };
  const stop = async () => {
    child.kill('SIGTERM');
    try {
      await within(kStopsWithinMs, 'the server did not stop when asked to', gone);
    } finally {
      kill();
    }
  };
  const token = () => /\/setup\?token=([\w.~%-]+)/.exec(log)?.[1];
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
      const ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(kOneAnswerMs) }).then((response) => response.status === 200, () => false);
      return ready && token() !== undefined;
    }, 'starting the server');
  } catch (error) {
    kill();
    throw new Error(`${error instanceof Error ? error.message : error}; the server said:\n${log}`);
  }
  return { url, setupUrl: `${url}/setup?token=${token()}`, log: () => log, command, stop, kill };
}
