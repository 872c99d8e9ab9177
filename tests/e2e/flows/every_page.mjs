// Every page: accessible in both colours, nothing beside the screen at 320 pixels, a picture of each.
import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { kDesk, kPhone } from '../browser.mjs';
import { call } from './steps.mjs';

const kTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @param {import('playwright-core').Page} page @returns {Promise<string[]>} */
async function violations(page) {
  await page.evaluate(axe);
  return page.evaluate(async (tags) => {
    const { violations } = await /** @type {any} */ (globalThis).axe.run(document, { runOnly: tags, preload: false });
    return violations.flatMap((/** @type {any} */ one) => one.nodes.map((/** @type {any} */ node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary?.split('\n')[1] ?? ''}`));
  }, kTags);
}

/** @param {import('playwright-core').Page} page */
async function addresses(page) {
  const posts = await call(page, 'GET', '/posts');
  const contacts = await call(page, 'GET', '/chat/contacts');
  const categories = await call(page, 'GET', '/categories');
  const talk = await call(page, 'POST', '/chat/conversations', { member_ids: [contacts.items[0].user.id] });
  await call(page, 'POST', `/chat/conversations/${talk.id}/messages`, { body: 'Good morning.' });
  return {
    feed: '/',
    category: `/c/${categories.items[0].slug}`,
    post: `/p/${posts.items[0].id}/${posts.items[0].slug}`,
    new: '/new',
    search: '/search?q=bench',
    profile: `/u/${posts.items[0].author.nickname}`,
    settings: '/settings',
    messages: '/messages',
    conversation: `/messages/${talk.id}`,
    notifications: '/notifications',
    admin: '/admin',
    lost: '/no/such/page',
  };
}

/** @param {import('../report.mjs').Report} report @param {import('../server.mjs').Server} server @param {import('../browser.mjs').Person} admin */
export async function everyPage(report, server, { page, complaints, expect }) {
  expect(/\/no\/such\/page/);
  await page.goto(server.url);
  const member = await addresses(page);
  const stranger = await page.context().browser()?.newContext({ locale: 'en-GB', viewport: kDesk });
  assert.ok(stranger);
  const outside = await stranger.newPage();
  /** @type {[import('playwright-core').Page, Record<string, string>][]} */
  const visits = [[page, member], [outside, { 'stranger-feed': '/', 'stranger-post': member.post, login: '/login', register: '/register', setup: '/setup?token=none' }]];
  for (const [who, paths] of visits) {
    for (const [name, path] of Object.entries(paths)) {
      await report.check(`every page: ${name}`, async () => {
        /** @type {string[]} */
        const found = [];
        await who.setViewportSize(kDesk);
        await who.goto(server.url + path, { waitUntil: 'networkidle' }).catch(() => undefined);
        await who.getByRole('heading', { level: 1 }).waitFor();
        await who.waitForTimeout(300);
        if (name === 'admin') await who.locator('summary').first().click();
        for (const [size, viewport] of Object.entries({ desk: kDesk, phone: kPhone })) {
          for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
            await who.setViewportSize(viewport);
            await who.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
            await who.waitForTimeout(150);
            await report.photograph(who, `${name}-${size}-${colorScheme}`);
            // High enough for all of it: what the bottom bar happens to cover must not count as covered.
            const height = await who.evaluate(() => document.documentElement.scrollHeight);
            await who.setViewportSize({ width: viewport.width, height: Math.min(height + 200, 6000) });
            found.push(...(await violations(who)).map((text) => `${size} ${colorScheme} ${text}`));
          }
        }
        await who.emulateMedia({ colorScheme: 'light' });
        await who.setViewportSize({ width: 320, height: 640 });
        const beyond = await who.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (beyond > 0) found.push(`${beyond} pixels too wide at 320`);
        assert.deepEqual(found, []);
      }, [who]);
    }
  }
  await report.check('every page: nothing was complained about in the console', async () => assert.deepEqual(complaints, []));
  await stranger.close();
  await page.setViewportSize(kDesk);
}
