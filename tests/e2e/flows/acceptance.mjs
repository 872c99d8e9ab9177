// The acceptance list of the product, items 1 to 9, by clicking.
import { strict as assert } from 'node:assert';
import { person } from '../browser.mjs';
import { becomes, call, fillLogin, fillRegistration, isLoggedIn, logOut, register } from './steps.mjs';

/** @typedef {{ name: string, viewport: { width: number, height: number }, phone: boolean }} Device */

/**
 * @param {import('../report.mjs').Report} report
 * @param {import('playwright-core').Browser} browser
 * @param {import('../server.mjs').Server} server
 * @param {Device} device
 */
export async function acceptance(report, browser, server, { name, viewport, phone }) {
  const options = { viewport, hasTouch: phone };
  const [ann, ben] = [await person(browser, options), await person(browser, options)];
  const [a, b] = [ann.page, ben.page];
  const [annName, benName] = [`Ann-${name}`, `ben_${name}`];
  const title = `A bench in the shade (${name})`;
  const both = [a, b];
  const say = (/** @type {string} */ text) => `${name}: ${text}`;
  const check = (/** @type {string} */ text, /** @type {() => Promise<void>} */ run) => report.check(say(text), run, both);
  const postPath = () => new URL(a.url()).pathname;

  await check('1 a stranger cannot log in, and is told so', async () => {
    ann.expect(/\/auth\/login$/);
    await a.goto(`${server.url}/login`);
    await fillLogin(a, annName, 'not the password');
    await a.getByRole('alert').waitFor();
    assert.ok((await a.getByRole('alert').innerText()).length > 10);
  });
  await check('1 registration asks for everything, and complains beside the field', async () => {
    ann.expect(/\/auth\/register$/);
    await a.goto(`${server.url}/register`);
    await fillRegistration(a, 'keeper');
    await a.getByRole('button', { name: 'Create the account' }).click();
    await a.locator('.stoa-field', { hasText: 'Nickname' }).locator('.stoa-field-error').waitFor();
    await register(a, annName);
    await b.goto(`${server.url}/register`);
    await register(b, benName);
  });
  await check('2 log out from every page, log in by nickname and by e-mail', async () => {
    for (const [path, login] of [['/settings', annName.toUpperCase()], ['/search?q=shade', `${annName}@example.org`], [`/u/${annName}`, annName]]) {
      await a.goto(server.url + path);
      await isLoggedIn(a, annName);
      await logOut(a, annName);
      await a.goto(`${server.url}/login`);
      await fillLogin(a, login);
      await isLoggedIn(a, annName);
    }
  });
  await check('3 a post in two categories appears in the feed, here and elsewhere', async () => {
    await b.goto(server.url);
    await b.getByRole('heading', { name: 'Latest posts' }).waitFor();
    await a.goto(server.url);
    if (phone) await a.getByRole('link', { name: 'Write' }).click();
    else await a.getByRole('button', { name: 'New post' }).click();
    await a.getByLabel('Title').fill(title);
    const boxes = a.getByRole('group', { name: 'Categories' }).getByRole('checkbox');
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    await a.getByLabel('Text', { exact: true }).fill('Where do you sit when it is **hot**?');
    await a.getByRole('button', { name: 'Preview' }).click();
    await a.locator('.stoa-editor-preview strong').waitFor();
    await a.getByRole('button', { name: 'Preview' }).click();
    await a.getByRole('button', { name: 'Post', exact: true }).click();
    await a.getByRole('heading', { name: title, level: 1 }).waitFor();
    await b.getByRole('link', { name: title }).waitFor();
    assert.equal(await b.locator('article', { hasText: title }).locator('.stoa-category').count(), 2);
    await report.photograph(b, `${name}-feed`);
  });
  await check('4 a comment is seen by whoever has the post open', async () => {
    await b.getByRole('link', { name: title }).click();
    await b.getByLabel('Your comment').fill('Under the plane tree.');
    await b.getByRole('button', { name: 'Comment', exact: true }).click();
    await a.locator('article', { hasText: 'Under the plane tree.' }).first().waitFor();
    await a.getByRole('button', { name: `Answer ${benName}` }).click();
    await a.getByLabel(`Answer to ${benName}`).fill('A good one.');
    await a.getByLabel(`Answer to ${benName}`).press('Control+Enter');
    await b.locator('.stoa-replies', { hasText: 'A good one.' }).waitFor();
    await b.getByRole('heading', { name: '2 comments' }).waitFor();
    await a.reload();
    await a.getByText('Under the plane tree.').waitFor();
    await a.getByText('A good one.').waitFor();
    await report.photograph(a, `${name}-post`);
  });
  await check('5 likes and dislikes count for everybody, but not on what is one\'s own', async () => {
    const votes = (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ kind) => page.getByRole('group', { name: `Votes on this ${kind}` });
    await votes(b, 'post').getByRole('button', { name: /^Like/ }).click();
    await votes(a, 'post').getByRole('button', { name: /^Like, 1 / }).waitFor();
    assert.ok(await votes(a, 'post').getByRole('button', { name: /^Like/ }).isDisabled());
    await votes(a, 'comment').first().getByRole('button', { name: /^Dislike/ }).click();
    await votes(b, 'comment').first().getByRole('button', { name: /^Dislike, 1 / }).waitFor();
    await votes(a, 'comment').first().getByRole('button', { name: /^Like/ }).click();
    await votes(b, 'comment').first().getByRole('button', { name: /^Like, 1 / }).waitFor();
    await votes(b, 'comment').first().getByRole('button', { name: /^Dislike, 0 / }).waitFor();
    await b.reload();
    await votes(b, 'post').getByRole('button', { name: /^Like, 1 /, pressed: true }).waitFor();
  });
  await check('5 the feed by category, my posts, posts I liked', async () => {
    const seen = (/** @type {import('playwright-core').Page} */ page) => page.locator('main').getByRole('link', { name: title });
    await b.goto(server.url);
    await b.getByRole('link', { name: 'Posts I liked' }).click();
    await seen(b).waitFor();
    await b.getByRole('link', { name: 'My posts' }).click();
    await seen(b).waitFor({ state: 'detached' });
    await a.goto(`${server.url}/?show=mine`);
    await seen(a).waitFor();
    const options = await b.getByLabel('Category').locator('option').allInnerTexts();
    await b.goto(server.url);
    await b.getByLabel('Category').selectOption({ label: options[1] ?? '' });
    await seen(b).waitFor();
    await b.getByLabel('Category').selectOption({ label: options[3] ?? '' });
    await seen(b).waitFor({ state: 'detached' });
  });
  const panel = (/** @type {import('playwright-core').Page} */ page) => (phone ? page.locator('main') : page.getByRole('region', { name: 'People' }));
  await check('6 the people panel: who is here, by last message, then by name', async () => {
    for (const path of ['/', '/settings', '/notifications']) {
      await a.goto(server.url + path);
      if (phone) await a.getByRole('link', { name: /^People/ }).click();
      await panel(a).getByRole('button', { name: new RegExp(`${benName}.*online`) }).waitFor();
    }
    const names = (await panel(a).locator('.stoa-chat-person').allInnerTexts()).map((text) => (text.split('\n')[0] ?? '').toLowerCase());
    assert.deepEqual(names.filter((one) => one !== ''), [...names].sort((x, y) => x.localeCompare(y)), 'nobody has written yet, so by name');
    await report.photograph(a, `${name}-people`);
    await logOut(b, benName);
    await panel(a).getByRole('button', { name: new RegExp(`${benName}.*offline`) }).waitFor({ timeout: 45_000 });
    await b.goto(`${server.url}/login`);
    await fillLogin(b, benName);
    await panel(a).getByRole('button', { name: new RegExp(`${benName}.*online`) }).waitFor();
  });
  let conversation = '';
  await check('7 a conversation shows its last ten messages, and ten more on the way up', async () => {
    await panel(a).locator('.stoa-chat-person', { hasText: benName }).click();
    await a.waitForURL(/\/messages\/\d+$/);
    conversation = postPath();
    const id = conversation.split('/').at(-1);
    for (let number = 1; number <= 25; number += 1) await call(a, 'POST', `/chat/conversations/${id}/messages`, { body: `Note ${number}.` });
    await a.goto(server.url + conversation);
    const rows = a.locator('[data-message]');
    await becomes(() => rows.count(), 10, 'messages at first');
    const log = a.getByRole('log');
    assert.ok(await log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight < 4), 'opens at the end');
    const tenth = a.locator('[data-message]', { hasText: 'Note 16.' });
    const top = () => tenth.evaluate((row) => Math.round(row.getBoundingClientRect().top));
    await log.evaluate((box) => (box.scrollTop = 60));
    const before = await top();
    await becomes(() => rows.count(), 20, 'messages after scrolling up');
    assert.ok(Math.abs((await top()) - before) < 40, `the place is kept: ${before} and then ${await top()}`);
    await a.waitForTimeout(600);
    await log.evaluate((box) => (box.scrollTop = 0));
    await becomes(() => rows.count(), 25, 'messages at the beginning');
  });
  await check('8 a message arrives with its sender and date, and so does its notification', async () => {
    await b.goto(`${server.url}/settings`);
    await isLoggedIn(b, benName);
    await a.goto(server.url + conversation);
    await a.getByLabel(`Message to ${benName}`).fill('Is the bench free?');
    await a.getByLabel(`Message to ${benName}`).press('Enter');
    const bell = b.getByRole('button', { name: /^Notifications, \d+ unread/ });
    await bell.waitFor();
    await becomes(async () => /^\(\d+\)/.test(await b.title()), true, 'the count in the title');
    await bell.click();
    await b.getByRole('link', { name: new RegExp(`${annName} sent you`) }).first().click();
    await b.waitForURL(server.url + conversation);
    const row = b.locator('[data-message]', { hasText: 'Is the bench free?' });
    await row.waitFor();
    const [day, hour] = [{ day: 'numeric', month: 'short' }, { hour: '2-digit', minute: '2-digit' }].map((options) => new Intl.DateTimeFormat('en-GB', /** @type {Intl.DateTimeFormatOptions} */ (options)));
    const sent = new Date((await row.locator('time').getAttribute('datetime')) ?? '');
    assert.ok(Math.abs(Date.now() - sent.getTime()) < 60_000, 'sent just now');
    assert.ok((await row.innerText()).includes(annName), 'the sender');
    assert.equal(await row.locator('time').innerText(), `${day?.format(sent)}, ${hour?.format(sent)}`, 'the date and the hour');
    await b.getByRole('log').getByText('Today', { exact: true }).waitFor();
    await b.getByLabel(`Message to ${annName}`).fill('It is.');
    await b.getByRole('button', { name: 'Send' }).click();
    await a.locator('[data-message]', { hasText: 'It is.' }).waitFor();
    await report.photograph(a, `${name}-conversation`);
  });
  await check('6 whoever wrote last is first', async () => {
    if (phone) await a.goto(`${server.url}/messages`);
    await becomes(async () => (await panel(a).locator('.stoa-chat-name').first().innerText()).startsWith(benName), true, 'the first of the people');
    if (phone) await a.goto(server.url + conversation);
  });
  await check('9 typing shows on the other side, both ways, and ends', async () => {
    await isLoggedIn(a, annName);
    for (const [writer, reader, from, to] of /** @type {const} */ ([[a, b, annName, benName], [b, a, benName, annName]])) {
      await writer.getByLabel(`Message to ${to}`).pressSequentially('Well, ', { delay: 40 });
      await reader.getByText(`${from} is typing`).waitFor();
      await writer.getByLabel(`Message to ${to}`).fill('');
      await reader.getByText(`${from} is typing`).waitFor({ state: 'detached' });
    }
  });
  await check('drafts survive a reload', async () => {
    await b.getByLabel(`Message to ${annName}`).fill('Half a thought');
    await b.waitForTimeout(2_300);
    await b.reload();
    await becomes(() => b.getByLabel(`Message to ${annName}`).inputValue(), 'Half a thought', 'the draft');
    await b.getByLabel(`Message to ${annName}`).fill('');
    await b.waitForTimeout(2_300);
  });
  await check('the notifications lead to their subjects', async () => {
    await a.goto(`${server.url}/notifications`);
    await a.locator('main').getByRole('link', { name: new RegExp(`${benName}.*commented on`) }).click();
    await a.getByText('Under the plane tree.').waitFor();
  });
  await check('nothing was complained about in the console', async () => assert.deepEqual([...ann.complaints, ...ben.complaints], []));
  await ann.close();
  await ben.close();
}
