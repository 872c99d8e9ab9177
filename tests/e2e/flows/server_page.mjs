// A plugin with server pages and no browser module: here "Posts", as if it had brought none.
import { strict as assert } from 'node:assert';
import { person } from '../browser.mjs';
import { becomes, call, fillLogin, isLoggedIn } from './steps.mjs';

/** @param {{ id: string, ui: unknown }[]} plugins */
const withoutModule = (plugins) => plugins.map((plugin) => (plugin.id === 'posts' ? { ...plugin, ui: null } : plugin));

/** @param {import('../report.mjs').Report} report @param {import('playwright-core').Browser} browser @param {import('../server.mjs').Server} server @param {import('../browser.mjs').Person} admin */
export async function serverPage(report, browser, server, admin) {
  const { page, complaints, expect, close } = await person(browser);
  expect(/\/no\/such\/page/);
  await page.route('**/api/v1/plugins', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { items: withoutModule((await response.json()).items) } });
  });
  // Before the application reads it. What the server wrote is marked, so that it can be told from a copy.
  await page.addInitScript(() => {
    document.addEventListener('readystatechange', () => {
      const text = document.getElementById('stoa-data')?.firstChild;
      if (!(text instanceof Text) || document.readyState !== 'interactive') return;
      const data = JSON.parse(text.data);
      text.data = JSON.stringify({ ...data, plugins: data.plugins.map((/** @type {{ id: string }} */ plugin) => (plugin.id === 'posts' ? { ...plugin, ui: null } : plugin)) });
      Object.assign(globalThis, { fromServer: document.querySelector('#app')?.firstElementChild, written: document.querySelector('#app')?.innerHTML });
    });
  });
  const [category] = (await call(admin.page, 'GET', '/categories')).items;
  const post = await call(admin.page, 'POST', '/posts', { title: 'Written by the server', body: 'A link to [its author](/u/keeper), to [its category](/c/' + category.slug + ') and to [nothing](/no/such/page).', category_ids: [category.id] });
  const postUrl = `${server.url}/p/${post.id}/${post.slug}`;
  const check = (/** @type {string} */ text, /** @type {() => Promise<void>} */ run) => report.check(`pages of the server alone: ${text}`, run, [page]);
  const started = () => page.getByRole('link', { name: 'Register' }).first().waitFor();
  const kept = () => page.evaluate(() => /** @type {any} */ (globalThis).fromServer?.isConnected && document.querySelector('#app .stoa-kept')?.contains(/** @type {any} */ (globalThis).fromServer));
  const unchanged = () => page.evaluate(() => document.querySelector('#app .stoa-kept')?.innerHTML.replaceAll(' tabindex="-1"', '') === /** @type {any} */ (globalThis).written);
  const heading = (/** @type {string} */ name) => page.locator('main').getByRole('heading', { level: 1, name });

  await check('what the server wrote stays as it is, under its title', async () => {
    await page.goto(postUrl);
    await started();
    await heading('Written by the server').waitFor();
    assert.equal(await kept(), true);
    assert.equal(await unchanged(), true);
    assert.match(await page.title(), /^Written by the server · /);
    assert.equal(await page.getByText('Page not found').count(), 0);
    await report.photograph(page, 'server-page');
  });
  await check('a link to a page of the application is followed in the application, and back and forward work', async () => {
    await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
    await page.getByRole('link', { name: 'its author' }).click();
    await heading('keeper').waitFor();
    await page.goBack();
    await heading('Written by the server').waitFor();
    assert.equal(await kept(), true);
    assert.equal(await unchanged(), true);
    await becomes(() => page.title().then((title) => title.startsWith('Written by the server')), true, 'the title');
    assert.ok(await page.evaluate(() => document.activeElement?.tagName === 'H1'), 'the heading has the focus');
    await page.goForward();
    await heading('keeper').waitFor();
    await page.goBack();
    await heading('Written by the server').waitFor();
    assert.ok(await page.evaluate(() => 'sameDocument' in globalThis), 'nothing was loaded again');
  });
  await check('a link that no module answers reaches the server: its page, or its 404', async () => {
    await page.getByRole('link', { name: 'its category' }).click();
    await page.waitForURL(`${server.url}/c/${category.slug}`);
    await started();
    await heading(category.name).waitFor();
    assert.equal(await kept(), true);
    assert.ok(!(await page.evaluate(() => 'sameDocument' in globalThis)), 'a document of its own');
    await page.goBack();
    await started();
    await heading('Written by the server').waitFor();
    const [answer] = await Promise.all([page.waitForResponse(/\/no\/such\/page$/), page.getByRole('link', { name: 'nothing' }).click()]);
    assert.equal(answer.status(), 404);
    await heading('Page not found').waitFor();
    await page.goBack();
    await started();
    await heading('Written by the server').waitFor();
  });
  await check('a plugin that navigates there reaches the server too', async () => {
    await page.goto(`${server.url}/login?next=${encodeURIComponent(`/p/${post.id}`)}`);
    await fillLogin(page, 'keeper');
    await page.waitForURL(`${server.url}/p/${post.id}`);
    await isLoggedIn(page, 'keeper');
    await heading('Written by the server').waitFor();
    assert.equal(await kept(), true);
  });
  await check('nothing was complained about in the console', async () => assert.deepEqual(complaints, []));
  await close();
}
