// The example of the SDK, used by two members and a stranger.
import { strict as assert } from 'node:assert';
import { kDesk, kPhone, person } from '../browser.mjs';
import { call, isLoggedIn, register } from './steps.mjs';

const kAccessCookie = 'stoa_access';

/** @param {import('../report.mjs').Report} report @param {import('playwright-core').Browser} browser @param {import('../server.mjs').Server} server @param {import('../browser.mjs').Person} admin */
export async function polls(report, browser, server, admin) {
  const [asker, voter, stranger] = [admin, await person(browser, { viewport: kPhone }), await person(browser)];
  const [a, v, s] = [asker.page, voter.page, stranger.page];
  const check = (/** @type {string} */ text, /** @type {() => Promise<void>} */ run) => report.check(`polls: ${text}`, run, [a, v, s]);
  const heading = (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ name) => page.locator('main').getByRole('heading', { name, level: 1 });
  const answer = (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ name) => page.getByRole('button', { name: new RegExp(`^${name}`) });
  // A mistake, a poll that is not there, and a login that has run out.
  asker.expect(/\/x\/polls(\/77777|\/polls)/);
  let address = '';

  await check('switched on, a member asks one, after a mistake that is shown beside its field', async () => {
    await a.goto(`${server.url}/admin`);
    await isLoggedIn(a, 'keeper');
    await call(a, 'POST', '/admin/plugins/polls/enable');
    await a.getByRole('link', { name: 'Polls' }).first().click();
    await a.getByText('Nobody has asked anything yet.').waitFor();
    await a.getByRole('button', { name: 'New poll' }).click();
    await a.getByLabel('Question').fill('Tea or coffee?');
    await a.getByLabel('Answers').fill('Tea');
    await a.getByRole('button', { name: 'Ask', exact: true }).click();
    await a.locator('.stoa-field', { hasText: 'Answers' }).locator('.stoa-field-error').waitFor();
    await report.photograph(a, 'polls-form');
    await a.getByLabel('Answers').fill('Tea\nCoffee\n\nSomething with a name that is much longer than the others, so that it takes a second line on a phone');
    await a.getByRole('button', { name: 'Ask', exact: true }).click();
    await heading(a, 'Tea or coffee?').waitFor();
    address = a.url();
    await a.getByText('To show this poll in a post').waitFor();
  });
  await check('strangers see it, and are asked to log in', async () => {
    await s.goto(address);
    await s.getByRole('link', { name: 'Log in to vote' }).waitFor();
    assert.ok(await answer(s, 'Tea').isDisabled());
    assert.match(await s.title(), /^Tea or coffee\? · /);
  });
  await check('a vote is counted in all browsers at once', async () => {
    await v.goto(`${server.url}/register?next=${encodeURIComponent(new URL(address).pathname)}`);
    await register(v, 'polly');
    await v.waitForURL(address);
    await answer(v, 'Tea').click();
    for (const page of [a, v, s]) await answer(page, 'Tea').getByText('1 vote, 100 %').waitFor();
    assert.equal(await answer(v, 'Tea').getAttribute('aria-pressed'), 'true');
    await answer(a, 'Coffee').click();
    for (const page of [a, v, s]) await answer(page, 'Coffee').getByText('1 vote, 50 %').waitFor();
    await answer(v, 'Coffee').click();
    for (const page of [a, v, s]) await answer(page, 'Coffee').getByText('2 votes, 100 %').waitFor();
    await report.photograph(a, 'polls-desk');
    await report.photograph(v, 'polls-phone');
    const beyond = await v.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.equal(beyond, 0, 'pixels too wide on a phone');
  });
  await check('cheering is seen by who looks at it', async () => {
    await a.getByRole('button', { name: 'Cheer' }).click();
    await v.getByText('Somebody cheers.').first().waitFor();
  });
  await check('a post shows the poll it names', async () => {
    const [category] = (await call(a, 'GET', '/categories')).items;
    const id = Number(address.split('/').at(-1));
    const post = await call(a, 'POST', '/posts', { title: 'What do we drink?', body: `Say it here: [poll:${id}]`, category_ids: [category.id] });
    await v.goto(`${server.url}/p/${post.id}`);
    await v.getByRole('region', { name: 'Poll: Tea or coffee?' }).waitFor();
    await answer(v, 'Tea').click();
    await answer(a, 'Tea').getByText('1 vote, 50 %').waitFor();
    await report.photograph(v, 'polls-in-a-post');
  });
  await check('a closed one takes no votes any more, in open pages too', async () => {
    await server.command('polls', 'close', '--id', address.split('/').at(-1) ?? '');
    for (const page of [a, v, s]) {
      await page.getByText('This poll is over.').waitFor();
      assert.ok(await answer(page, 'Tea').isDisabled());
    }
    await report.photograph(a, 'polls-over');
    await a.goto(`${server.url}/x/polls`);
    await a.getByRole('article').filter({ hasText: 'Tea or coffee?' }).getByText('Over').waitFor();
    await report.photograph(a, 'polls-list');
    await a.goto(`${server.url}/x/polls/77777`);
    await heading(a, 'No such poll').waitFor();
  });
  await check('an expired login is renewed on the way', async () => {
    await a.goto(`${server.url}/x/polls`);
    await isLoggedIn(a, 'keeper');
    await a.context().clearCookies({ name: kAccessCookie });
    await a.getByRole('button', { name: 'New poll' }).click();
    await a.getByLabel('Question').fill('Still logged in?');
    await a.getByLabel('Answers').fill('Yes\nNo');
    await a.getByRole('button', { name: 'Ask', exact: true }).click();
    await heading(a, 'Still logged in?').waitFor();
  });
  await check('nothing was complained about in the console', async () => assert.deepEqual([...asker.complaints, ...voter.complaints, ...stranger.complaints], []));
  await a.setViewportSize(kDesk);
  await Promise.all([voter.close(), stranger.close()]);
}
