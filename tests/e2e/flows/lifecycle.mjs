// Item 10 of the acceptance list: what an administrator switches, all open browsers show without being loaded again.
import { strict as assert } from 'node:assert';
import { person } from '../browser.mjs';
import { becomes, call, register } from './steps.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** Switching drains what is under way first, which takes its time on a busy machine. */
const kSwitchMs = 40_000;
const kPlugins = ['Accounts', 'Posts', 'Chat', 'Notifications'];

/** @param {Page} page @param {string} path */
function status(page, path) {
  return page.evaluate(async (path) => (await fetch(`/api/v1${path}`, { signal: AbortSignal.timeout(20_000) })).status, path);
}

/** @param {import('../report.mjs').Report} report @param {import('playwright-core').Browser} browser @param {import('../server.mjs').Server} server @param {import('../browser.mjs').Person} admin */
export async function lifecycle(report, browser, server, admin) {
  const [cleo, dora] = [await person(browser), await person(browser)];
  const [c, d] = [cleo.page, dora.page];
  const both = [c, d];
  const k = admin.page;
  const check = (/** @type {string} */ text, /** @type {() => Promise<void>} */ run) => report.check(`10 ${text}`, run, [k, ...both]);
  for (const page of [k, ...both]) page.setDefaultTimeout(kSwitchMs);
  for (const one of [cleo, dora]) one.expect(/\/api\/v1\/chat\//);
  admin.expect(/\/api\/v1\/admin\/plugins\//);

  const entry = (/** @type {string} */ name) => k.getByRole('listitem', { name, exact: true });
  const power = (/** @type {string} */ name) => entry(name).getByRole('switch');
  const panel = (/** @type {Page} */ page) => page.getByRole('region', { name: 'People' });
  const unchanged = () => Promise.all(both.map((page) => page.evaluate(() => 'sameDocument' in globalThis)));
  let talk = { id: 0 };

  await check('two people talk, and an administrator watches the plugins', async () => {
    for (const [page, name] of /** @type {const} */ ([[c, 'cleo'], [d, 'dora']])) {
      await page.goto(`${server.url}/register`);
      await register(page, name);
    }
    const dorasId = (await call(d, 'GET', '/users/me')).id;
    talk = await call(c, 'POST', '/chat/conversations', { member_ids: [dorasId] });
    for (const page of both) {
      await page.goto(`${server.url}/messages/${talk.id}`);
      await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
    }
    await c.getByLabel('Message to dora').fill('Before the switch.');
    await c.getByRole('button', { name: 'Send' }).click();
    await d.locator('[data-message]', { hasText: 'Before the switch.' }).waitFor();
    await d.getByLabel('Message to cleo').fill('Half an answer');
    await k.goto(`${server.url}/admin`);
    for (const name of kPlugins) assert.ok(await power(name).isChecked(), `${name} is on`);
    await report.photograph(k, 'admin-plugins');
  });
  await check('chat is switched off: routes, panel and pages go from both browsers, and nothing is loaded again', async () => {
    await power('Chat').click();
    for (const page of both) {
      await page.getByRole('heading', { name: 'Chat is switched off' }).waitFor();
      assert.equal(await panel(page).count(), 0, 'the panel');
      assert.equal(await page.getByRole('link', { name: 'Messages' }).count(), 0, 'the navigation');
      assert.equal(await status(page, '/chat/contacts'), 404);
    }
    await entry('Chat').getByText('off', { exact: true }).waitFor();
    assert.deepEqual(await unchanged(), [true, true]);
    await report.photograph(c, 'chat-off');
  });
  await check('everything else goes on meanwhile', async () => {
    await c.getByRole('link', { name: 'Latest posts' }).click();
    await c.getByRole('heading', { name: 'Latest posts' }).waitFor();
    const [category] = (await call(d, 'GET', '/categories')).items;
    await call(d, 'POST', '/posts', { title: 'Written while chat was off', body: 'Still here.', category_ids: [category.id] });
    await c.getByRole('link', { name: 'Written while chat was off' }).waitFor();
    await c.goBack();
    await c.getByRole('heading', { name: 'Chat is switched off' }).waitFor();
  });
  await check('chat is switched on: all of it returns, with nothing lost, and is live', async () => {
    await power('Chat').click();
    for (const page of both) {
      await page.locator('[data-message]', { hasText: 'Before the switch.' }).waitFor();
      await panel(page).locator('.stoa-chat-person').first().waitFor();
      await page.getByRole('link', { name: 'Messages' }).first().waitFor();
    }
    assert.equal(await d.getByLabel('Message to cleo').inputValue(), 'Half an answer', 'what was being written');
    await d.getByLabel('Message to cleo').fill('After the switch.');
    await d.getByRole('button', { name: 'Send' }).click();
    await c.locator('[data-message]', { hasText: 'After the switch.' }).waitFor();
    await c.getByLabel('Message to dora').pressSequentially('Well', { delay: 40 });
    await d.getByText('cleo is typing').waitFor();
    assert.deepEqual(await unchanged(), [true, true]);
  });
  await check('what could not be sent before the switch can be sent after it', async () => {
    const messages = /\/chat\/conversations\/\d+\/messages$/;
    await c.route(messages, (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 429, contentType: 'application/problem+json', body: '{"type":"/problems/rate-limited","title":"Too fast","status":429}' }) : route.fallback()));
    await c.getByLabel('Message to dora').fill('Too fast to be sent.');
    await c.getByRole('button', { name: 'Send' }).click();
    await c.getByRole('button', { name: 'Retry' }).waitFor();
    await c.unroute(messages);
    await call(k, 'POST', '/admin/plugins/chat/disable');
    await c.getByRole('heading', { name: 'Chat is switched off' }).waitFor();
    await call(k, 'POST', '/admin/plugins/chat/enable');
    await becomes(async () => (await c.getByLabel('Message to dora').inputValue()).includes('Too fast to be sent.'), true, 'the text is in the field');
    await c.getByRole('button', { name: 'Send' }).click();
    await d.locator('[data-message]', { hasText: 'Too fast to be sent.' }).waitFor();
  });
  await check('off and on again, faster than anybody can read', async () => {
    for (let round = 0; round < 3; round += 1) {
      await call(k, 'POST', '/admin/plugins/chat/disable');
      await call(k, 'POST', '/admin/plugins/chat/enable');
    }
    for (const page of both) {
      await page.locator('[data-message]', { hasText: 'After the switch.' }).waitFor();
      await becomes(() => panel(page).count(), 1, 'people panels');
    }
    await c.getByLabel('Message to dora').fill('And once more.');
    await c.getByRole('button', { name: 'Send' }).click();
    await d.locator('[data-message]', { hasText: 'And once more.' }).waitFor();
    assert.deepEqual(await unchanged(), [true, true]);
  });
  await check('what others need cannot be switched off, and they are named', async () => {
    await power('Accounts').click();
    await k.getByRole('button', { name: 'Switch off' }).click();
    const refusal = entry('Accounts').getByRole('alert');
    await refusal.waitFor();
    assert.match(await refusal.innerText(), /posts/);
    assert.ok(await power('Accounts').isChecked());
    await report.photograph(k, 'admin-refused');
  });
  await check('settings are set by a form, refused beside the field, and count at once', async () => {
    await entry('Chat').getByText('Settings').click();
    const form = k.getByRole('form', { name: 'Settings of Chat' });
    await form.getByLabel('Message length').fill('0');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('From 1 to 32,000.', { exact: true }).waitFor();
    await form.getByLabel('Message length').fill('12');
    await form.getByRole('button', { name: 'Save' }).click();
    await k.getByText('The settings of Chat are saved.').first().waitFor();
    await report.photograph(k, 'admin-settings');
    const tooLong = await c.evaluate(async (id) => (await fetch(`/api/v1/chat/conversations/${id}/messages`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ body: 'More than twelve.' }) })).status, talk.id);
    assert.equal(tooLong, 422);
    await form.getByRole('button', { name: 'Fill in the defaults' }).click();
    await form.getByRole('button', { name: 'Save' }).click();
    await becomes(async () => (await call(k, 'GET', '/admin/plugins/chat/settings')).message_length, 6000, 'the setting');
    await entry('Accounts').getByText('Settings').click();
    const auth = k.getByRole('form', { name: 'Settings of Accounts' });
    await auth.getByLabel('Reserved nicknames').fill(`root\n${'x'.repeat(70)}`);
    await auth.getByRole('button', { name: 'Save' }).click();
    await auth.locator('.stoa-field', { hasText: 'Reserved nicknames' }).locator('.stoa-field-error').waitFor();
    await report.photograph(k, 'admin-settings-refused');
  });
  await check('nothing was complained about in the console', async () => assert.deepEqual([...cleo.complaints, ...dora.complaints, ...admin.complaints], []));
  k.setDefaultTimeout(10_000);
  await cleo.close();
  await dora.close();
}
