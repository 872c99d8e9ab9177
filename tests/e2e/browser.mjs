// Chromium, and windows whose every complaint is kept.
import { chromium } from 'playwright-core';

export const kDesk = { width: 1280, height: 800 };
export const kPhone = { width: 390, height: 844 };

const kFlags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: kFlags });
}

/**
 * One person at one device.
 * @typedef {{ page: import('playwright-core').Page, complaints: string[], expect: (url: RegExp) => void, close: () => Promise<void> }} Person
 */

/**
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').BrowserContextOptions} options
 * @returns {Promise<Person>}
 */
export async function person(browser, options = {}) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: kDesk, ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  /** @type {RegExp[]} */
  const expected = [];
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    const { url } = message.location();
    if (expected.some((pattern) => pattern.test(url)) && /status of 4\d\d/.test(message.text())) return;
    complaints.push(`${page.url()}: ${message.text()} (${url})`);
  });
  return { page, complaints, expect: (url) => expected.push(url), close: () => context.close() };
}
