// Runs checks one after the other and counts them.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

export class Report {
  passed = 0;
  failed = 0;

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
    try {
      await run();
      this.passed += 1;
      console.log(`ok    ${name}`);
    } catch (error) {
      this.failed += 1;
      console.log(`FAIL  ${name}\n      ${String(error instanceof Error ? error.message : error).replaceAll('\n', '\n      ')}`);
      for (const [index, page] of pages.entries()) await this.photograph(page, `failed-${this.failed}-${index + 1}`).catch(() => undefined);
    }
  }

  /** @param {import('playwright-core').Page} page @param {string} name */
  async photograph(page, name) {
    await mkdir(this.directory, { recursive: true });
    await page.screenshot({ path: join(this.directory, `${name}.png`) });
  }
}
