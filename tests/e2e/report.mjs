// Runs checks one after the other, each within a limit of time, and counts them.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { within } from './limits.mjs';

const kOneCheckMs = 90_000;
const kPictureMs = 15_000;

export class Report {
  passed = 0;
  failed = 0;
  /** What is being checked, for whoever has to say what hangs. */
  underWay = 'starting';

  /** @param {string} directory where screenshots go */
  constructor(directory) {
    this.directory = directory;
  }

  /**
   * @param {string} name
   * @param {() => Promise<void>} run
   * @param {import('playwright-core').Page[]} pages photographed when it fails
   */
  async check(name, run, pages = []) {
    this.underWay = `the check “${name}”`;
    try {
      await within(kOneCheckMs, `hung: “${name}”`, run());
      this.passed += 1;
      console.log(`ok    ${name}`);
    } catch (error) {
      this.failed += 1;
      console.log(`FAIL  ${name}\n      ${String(error instanceof Error ? error.message : error).replaceAll('\n', '\n      ')}`);
      for (const [index, page] of pages.entries()) {
        console.log(`      a page was at ${page.url()}`);
        await this.photograph(page, `failed-${this.failed}-${index + 1}`).catch(() => undefined);
      }
    }
    this.underWay = `what comes after the check “${name}”`;
  }

  /** @param {import('playwright-core').Page} page @param {string} name */
  async photograph(page, name) {
    await mkdir(this.directory, { recursive: true });
    await page.screenshot({ path: join(this.directory, `${name}.png`), timeout: kPictureMs });
  }
}
