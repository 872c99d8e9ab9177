// What the browser SDK promises to a plugin of somebody else: every outlet, failures that stay alone, live changes.
import { strict as assert } from 'node:assert';
import { person } from '../browser.mjs';
import { Guest } from '../guest.mjs';
import { becomes, call, isLoggedIn } from './steps.mjs';

/** The outlets every page promises, and what each hands over. */
const kOutlets = {
  'nav.main': ['place'],
  'sidebar.right': [],
  'user.menu': [],
  'post.actions': ['post', 'state'],
  'post.footer': ['post'],
  'comment.actions': ['comment', 'post'],
  'composer.toolbar': ['insert'],
  'profile.tabs': ['user'],
  'settings.sections': [],
  'admin.plugin': ['plugin'],
};

const kGood = `
import { html } from 'htm/preact';
export function activate(sdk) {
  sdk.styles('.stoa-x-guest { outline: 1px solid rgb(1, 2, 3); }');
  for (const name of ${JSON.stringify(Object.keys(kOutlets))}) {
    const text = (context) => name + ' ' + Object.keys(context).sort().join(' ') + ' ' + (context.plugin ?? context.user ?? context.post ?? {}).id;
    sdk.outlet(name, { title: 'Guest part', component: (context) => html\`<span class="stoa-x-guest" data-part=\${name}>\${text(context)}</span>\` });
    sdk.outlet(name, {
      title: 'Guest mount',
      mount(element, context) {
        const part = element.appendChild(document.createElement('span'));
        const update = (context) => (part.textContent = text(context));
        part.dataset.mounted = name;
        update(context);
        return { update, dispose: () => (document.documentElement.dataset.disposed = name) };
      },
    });
  }
  sdk.outlet('composer.toolbar', { component: ({ insert }) => html\`<button type="button" onClick=\${() => insert('from the guest')}>Insert</button>\` });
  sdk.page('/x/guest', { component: () => html\`<h1>Guest page, version one</h1>\` });
  sdk.shortcut({ keys: 'z', label: 'Visit the guest', run: () => sdk.router.navigate('/x/guest') });
  document.documentElement.dataset.guest = sdk.version + ' ' + sdk.plugin.version;
  return () => delete document.documentElement.dataset.guest;
}`;

const kUpgraded = kGood.replace('version one', 'version two');

const kThrowing = `
import { html } from 'htm/preact';
const fail = () => { throw new Error('a bug of the guest'); };
export function activate(sdk) {
  for (const name of ['nav.main', 'sidebar.right', 'post.footer']) sdk.outlet(name, { component: fail });
  for (const name of ['post.actions', 'comment.actions']) sdk.outlet(name, { mount: fail });
  sdk.outlet('settings.sections', { mount: () => fail });
  sdk.page('/x/guest', { component: fail });
  return fail;
}`;

const kUnstartable = `
export function activate(sdk) {
  sdk.outlet('sidebar.right', { mount(element) { element.textContent = 'half a guest'; return () => {}; } });
  throw new Error('a bug of the guest');
}`;

const kUnparsable = `
export function activate(sdk) {
  sdk.toast('half a guest';
}`;

const kThrowingAtOnce = `throw new Error('a bug of the guest in its first line'); export function activate() {}`;

/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page @param {string} name @param {string[]} keys */
async function partsAreThere(page, name, keys) {
  for (const kind of ['part', 'mounted']) {
    const part = page.locator(`[data-${kind}="${name}"]`).first();
    await part.waitFor();
    assert.ok((await part.innerText()).startsWith([name, ...keys].join(' ')), `${name} hands over ${keys.join(', ')}: ${await part.innerText()}`);
  }
}

/** @param {import('../report.mjs').Report} report @param {import('playwright-core').Browser} browser @param {import('../server.mjs').Server} server @param {import('../browser.mjs').Person} admin */
export async function guestPlugin(report, browser, server, admin) {
  const { page, complaints, close } = await person(browser, { storageState: await admin.page.context().storageState() });
  const guest = new Guest(page, { one: kGood, two: kUpgraded, throwing: kThrowing, unstartable: kUnstartable, unparsable: kUnparsable, atonce: kThrowingAtOnce });
  await guest.prepare();
  await guest.set('one');
  await page.goto(server.url);
  const [category] = (await call(page, 'GET', '/categories')).items;
  const post = await call(page, 'POST', '/posts', { title: 'A guest at the door', body: 'Who is it?', category_ids: [category.id] });
  await call(page, 'POST', `/posts/${post.id}/comments`, { body: 'Only me.' });
  const postUrl = `${server.url}/p/${post.id}`;
  const check = (/** @type {string} */ text, /** @type {() => Promise<void>} */ run) => report.check(`plugins in the browser: ${text}`, run, [page]);
  const attribute = (/** @type {string} */ name) => () => page.evaluate((name) => document.documentElement.getAttribute(name), name);

  await check('every outlet is where it should be, with its context', async () => {
    const there = (/** @type {(keyof typeof kOutlets)[]} */ ...names) => Promise.all(names.map((name) => partsAreThere(page, name, kOutlets[name])));
    await page.goto(postUrl);
    await isLoggedIn(page, 'keeper');
    await there('nav.main', 'sidebar.right', 'post.actions', 'post.footer', 'comment.actions', 'composer.toolbar');
    await page.getByRole('button', { name: 'Account of keeper' }).click();
    await there('user.menu');
    await page.getByRole('button', { name: 'Insert' }).click();
    assert.equal(await page.getByLabel('Your comment').inputValue(), 'from the guest');
    await page.getByLabel('Your comment').fill('');
    await page.goto(`${server.url}/u/keeper`);
    for (const [tab, kind] of [['Guest part', 'part'], ['Guest mount', 'mounted']]) {
      await page.getByRole('button', { name: tab ?? '' }).click();
      await page.locator(`[data-${kind}="profile.tabs"]`).waitFor();
    }
    await page.goto(`${server.url}/settings`);
    await page.getByRole('region', { name: 'Guest part' }).waitFor();
    await there('settings.sections');
    await page.goto(`${server.url}/admin`);
    await there('admin.plugin');
    const rows = await page.locator('[data-part="admin.plugin"]').allInnerTexts();
    for (const id of ['auth', 'posts', 'chat', 'notification']) assert.ok(rows.includes(`admin.plugin plugin ${id}`), `admin.plugin of ${id}: ${rows.join()}`);
    assert.equal(await attribute('data-guest')(), '1.0 one');
  });
  await check('switched off and on, everything goes and returns, in the open page', async () => {
    await page.goto(postUrl);
    await partsAreThere(page, 'post.footer', kOutlets['post.footer']);
    const styles = () => page.evaluate(() => document.adoptedStyleSheets.length);
    const before = await styles();
    await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
    await page.keyboard.press('z');
    await page.getByRole('heading', { name: 'Guest page, version one' }).waitFor();
    await guest.change(null);
    await page.getByRole('heading', { name: 'Guest is switched off' }).waitFor();
    await report.photograph(page, 'switched-off');
    assert.equal(await page.locator('[data-part], [data-mounted]').count(), 0);
    assert.equal(await styles(), before - 1);
    assert.equal(await attribute('data-guest')(), null);
    assert.ok(await attribute('data-disposed')(), 'mounts were disposed');
    await guest.change('one');
    await page.getByRole('heading', { name: 'Guest page, version one' }).waitFor();
    await partsAreThere(page, 'nav.main', kOutlets['nav.main']);
    assert.equal(await styles(), before);
    for (const version of [null, 'one', null, 'one', null, 'one']) await guest.change(version);
    await becomes(() => page.locator('[data-part="sidebar.right"]').count(), 1, 'parts after switching quickly');
    assert.equal(await styles(), before);
    assert.ok(await page.evaluate(() => 'sameDocument' in globalThis), 'the page was never loaded again');
  });
  await check('an upgrade replaces the module in the open page', async () => {
    await guest.change('two');
    await page.getByRole('heading', { name: 'Guest page, version two' }).waitFor();
    await becomes(() => page.locator('[data-part="sidebar.right"]').count(), 1, 'parts after the upgrade');
    assert.equal(await attribute('data-guest')(), '1.0 two');
    await guest.change(null);
  });
  await check('nothing was complained about in the console', async () => assert.deepEqual(complaints.splice(0), []));
  await check('parts that throw are named, and leave the rest alone', async () => {
    await page.goto(postUrl);
    await guest.change('throwing');
    const named = page.getByRole('alert').filter({ hasText: 'The plugin “Guest” could not show this part.' });
    await becomes(() => named.count(), 5, 'failures shown, one in each outlet');
    await report.photograph(page, 'throwing-parts');
    await page.getByLabel('Your comment').fill('Still here.');
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await page.locator('article', { hasText: 'Still here.' }).first().waitFor();
    await page.evaluate(() => document.body.append(Object.assign(document.createElement('a'), { href: '/x/guest', textContent: 'to the guest' })));
    await page.getByRole('link', { name: 'to the guest' }).click();
    await page.locator('main').getByText('The plugin “Guest” could not show this part.').waitFor();
    await page.getByRole('link', { name: 'Latest posts' }).click();
    await page.getByRole('heading', { name: 'Latest posts' }).waitFor();
    await guest.change(null);
    await named.first().waitFor({ state: 'detached' });
  });
  await check('a plugin that cannot be started, or fetched, is named, and the page goes on', async () => {
    for (const [version, problem] of [['unstartable', 'could not be started'], ['missing', 'could not be fetched'], ['unparsable', 'could not be parsed'], ['atonce', 'could not be started']]) {
      await guest.change(version ?? null);
      await page.getByText(`The plugin “Guest” ${problem}.`).first().waitFor();
      assert.equal(await page.getByText('half a guest').count(), 0);
      await guest.change(null);
    }
    const [said] = complaints.filter((text) => text.includes('could not be parsed'));
    assert.match(said ?? '', /The plugin x-guest could not be parsed \(\/plugins\/x-guest\/unparsable\/index\.js\)\. SyntaxError/);
    await guest.set('unstartable');
    await page.goto(postUrl);
    await page.getByRole('heading', { name: 'A guest at the door' }).waitFor();
    await page.getByText('The plugin “Guest” could not be started.').first().waitFor();
    await isLoggedIn(page, 'keeper');
  });
  await check('the administration page says which file of which plugin failed here, and how', async () => {
    await guest.set(null);
    const file = /\/plugins\/notification\/\w+\/index\.js$/;
    await page.route(file, (route) => route.fulfill({ contentType: 'text/javascript', body: 'export function activate( {' }));
    await page.goto(`${server.url}/admin`);
    const said = page.getByRole('listitem', { name: 'Notifications', exact: true }).getByText('could not be parsed');
    await said.waitFor();
    assert.match(await said.innerText(), /In this browser its module \/plugins\/notification\/\w+\/index\.js could not be parsed\. SyntaxError: /);
    await report.photograph(page, 'admin-unparsable');
    await page.unroute(file);
  });
  await check('every complaint names the plugin', async () => {
    const others = complaints.filter((text) => !/The plugin (x-guest|notification)|x-guest\/missing/.test(text));
    assert.ok(complaints.length > 0);
    assert.deepEqual(others, []);
  });
  await close();
}
