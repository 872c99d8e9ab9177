import { strict as assert } from 'node:assert';
import { person } from '../browser.mjs';
import { isLoggedIn, kPassword } from './steps.mjs';

/** The first administrator, through the printed link. @param {import('../report.mjs').Report} report @param {import('playwright-core').Browser} browser @param {import('../server.mjs').Server} server */
export async function setUp(report, browser, server) {
  const admin = await person(browser);
  const { page } = admin;
  await report.check('the printed link makes the first administrator', async () => {
    await page.goto(server.setupUrl);
    await page.getByLabel('Nickname').fill('keeper');
    await page.getByLabel('E-mail').fill('keeper@example.org');
    await page.getByLabel('Password').fill(kPassword);
    await page.getByRole('button', { name: 'Create the administrator' }).click();
    await isLoggedIn(page, 'keeper');
    assert.equal(new URL(page.url()).pathname, '/');
  }, [page]);
  return admin;
}
