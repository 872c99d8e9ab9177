// node tests/e2e/run.mjs --stoa BINARY [--screenshots DIR]
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { kDesk, kPhone, launch } from './browser.mjs';
import { acceptance } from './flows/acceptance.mjs';
import { everyPage } from './flows/every_page.mjs';
import { setUp } from './flows/set_up.mjs';
import { withoutScripts } from './flows/without_scripts.mjs';
import { Report } from './report.mjs';
import { startServer } from './server.mjs';

const { values } = parseArgs({
  options: { stoa: { type: 'string' }, screenshots: { type: 'string', default: fileURLToPath(new URL('screenshots', import.meta.url)) } },
});
if (!values.stoa) {
  console.error('usage: node run.mjs --stoa BINARY [--screenshots DIR]');
  process.exit(64);
}

const report = new Report(values.screenshots);
const server = await startServer(values.stoa);
const browser = await launch();
try {
  const admin = await setUp(report, browser, server);
  await acceptance(report, browser, server, { name: 'desk', viewport: kDesk, phone: false });
  await acceptance(report, browser, server, { name: 'phone', viewport: kPhone, phone: true });
  await everyPage(report, server, admin);
  await withoutScripts(report, browser, server);
  await admin.close();
} finally {
  await browser.close();
  await server.stop();
}
if (report.failed) console.log(`\nThe server said:\n${server.log().slice(-4000)}`);
console.log(`${report.passed} passed, ${report.failed} failed`);
process.exit(report.failed ? 1 : 0);
