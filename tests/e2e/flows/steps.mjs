// What people do, in their own words.
import { strict as assert } from 'node:assert';

/** @typedef {import('playwright-core').Page} Page */

export const kPassword = 'violet-kettle-harbour';

/** @param {Page} page @param {string} nickname */
export async function fillRegistration(page, nickname) {
  await page.getByLabel('Nickname').fill(nickname);
  await page.getByLabel('E-mail').fill(`${nickname}@example.org`);
  await page.getByLabel('Password').fill(kPassword);
  await page.getByLabel('First name').fill('Ada');
  await page.getByLabel('Last name').fill('Example');
  await page.getByLabel('Age').fill('33');
  await page.getByLabel('Gender').selectOption('female');
}

/** @param {Page} page @param {string} nickname */
export async function register(page, nickname) {
  await fillRegistration(page, nickname);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await isLoggedIn(page, nickname);
}

/** @param {Page} page @param {string} login @param {string} [password] */
export async function fillLogin(page, login, password = kPassword) {
  await page.getByLabel('Nickname or e-mail').fill(login);
  await page.getByLabel('Password').fill(password);
  await page.locator('main').getByRole('button', { name: 'Log in' }).click();
}

/** @param {Page} page @param {string} nickname */
export async function isLoggedIn(page, nickname) {
  await page.getByRole('button', { name: `Account of ${nickname}` }).waitFor();
}

/** @param {Page} page @param {string} nickname */
export async function logOut(page, nickname) {
  await page.getByRole('button', { name: `Account of ${nickname}` }).click();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('link', { name: 'Log in' }).first().waitFor();
}

/** The REST API, as the person on the page; an answer that never comes is an error. @param {Page} page @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
export function call(page, method, path, body) {
  return page.evaluate(
    async ([method, path, body]) => {
      const response = await fetch(`/api/v1${path}`, { method, signal: AbortSignal.timeout(20_000), ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }) });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return response.status === 204 ? null : response.json();
    },
    /** @type {[string, string, unknown]} */ ([method, path, body]),
  );
}

/** Waits until `read` gives what is wanted. @template T @param {() => Promise<T>} read @param {T} wanted @param {string} what */
export async function becomes(read, wanted, what) {
  const end = Date.now() + 20_000;
  let last = await read();
  while (Date.now() < end && last !== wanted) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    last = await read();
  }
  assert.equal(last, wanted, what);
}
