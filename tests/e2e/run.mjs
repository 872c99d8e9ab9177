// node tests/e2e/run.mjs --stoa BINARY [--polls LIBRARY] [--screenshots DIR]; the library is that of the same build unless given
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { kDesk, kPhone, launch } from './browser.mjs';
import { acceptance } from './flows/acceptance.mjs';
import { everyPage } from './flows/every_page.mjs';
import { guestPlugin } from './flows/guest_plugin.mjs';
import { lifecycle } from './flows/lifecycle.mjs';
import { polls } from './flows/polls.mjs';
import { serverPage } from './flows/server_page.mjs';
import { setUp } from './flows/set_up.mjs';
import { withoutScripts } from './flows/without_scripts.mjs';
import { within } from './limits.mjs';
import { Report } from './report.mjs';
import { startServer } from './server.mjs';

const kAllChecksMs = 25 * 60_000;
const kServerLogShown = 4_000;

const { values } = parseArgs({
  options: { stoa: { type: 'string' }, polls: { type: 'string' }, screenshots: { type: 'string', default: fileURLToPath(new URL('screenshots', import.meta.url)) } },
});
if (!values.stoa) {
  console.error('usage: node run.mjs --stoa BINARY [--polls LIBRARY] [--screenshots DIR]');
  process.exit(64);
}

const report = new Report(values.screenshots);
const server = await startServer(values.stoa, values.polls ?? resolve(dirname(values.stoa), '../sdk/examples/polls/polls.so'));
const browser = await launch().catch((error) => {
  server.kill();
  throw error;
});

async function checks() {
  const admin = await setUp(report, browser, server);
  await acceptance(report, browser, server, { name: 'desk', viewport: kDesk, phone: false });
  await acceptance(report, browser, server, { name: 'phone', viewport: kPhone, phone: true });
  await guestPlugin(report, browser, server, admin);
  await serverPage(report, browser, server, admin);
  await polls(report, browser, server, admin);
  await lifecycle(report, browser, server, admin);
  await everyPage(report, server, admin);
  await withoutScripts(report, browser, server);
  await admin.close();
}

try {
  await within(kAllChecksMs, 'the whole run hung', checks());
  report.underWay = 'closing the browser';
  await within(30_000, 'the browser did not close', browser.close());
  report.underWay = 'stopping the server';
  await server.stop();
} catch (error) {
  report.failed += 1;
  console.log(`FAIL  while at ${report.underWay}:\n      ${error instanceof Error ? error.message : error}`);
} finally {
  server.kill();
}
if (report.failed) console.log(`\nThe server said:\n${server.log().slice(-kServerLogShown)}`);
console.log(`${report.passed} passed, ${report.failed} failed`);
process.exit(report.failed ? 1 : 0);
