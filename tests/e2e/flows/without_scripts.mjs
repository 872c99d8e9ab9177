import { strict as assert } from 'node:assert';
import { person } from '../browser.mjs';

/** Readers and crawlers that run no scripts. @param {import('../report.mjs').Report} report @param {import('playwright-core').Browser} browser @param {import('../server.mjs').Server} server */
export async function withoutScripts(report, browser, server) {
  const reader = await person(browser, { javaScriptEnabled: false });
  const { page } = reader;
  await report.check('with scripts off the pages contain the posts', async () => {
    await page.goto(server.url);
    const link = page.locator('#app a[href^="/p/"]', { hasText: 'A bench in the shade' }).first();
    const title = await link.innerText();
    assert.ok(title.trim().length > 2);
    await report.photograph(page, 'without-scripts-feed');
    await link.click();
    assert.match(await page.locator('#app').innerText(), /Under the plane tree/);
    assert.match(await page.title(), /\S/);
    await report.photograph(page, 'without-scripts-post');
  }, [page]);
  await reader.close();
}
