// A browser whose server seems to run one plugin more: "Guest", written without a build and changed while pages are open.

import { becomes } from './flows/steps.mjs';

const kId = 'x-guest';
const kBetween = 0.001;

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ id: string, version: string, name: string, ui: { module: string, hash: string } | null }} PluginInfo */

export class Guest {
  /** @type {PluginInfo | null} */
  #info = null;
  /** @type {import('playwright-core').WebSocketRoute | null} */
  #socket = null;
  #head = 0;
  /** Whether the document that is shown hears the server. */
  #connected = false;
  #page;

  /** @param {Page} page @param {Record<string, string>} modules by version */
  constructor(page, modules) {
    this.#page = page;
    this.modules = modules;
  }

  async prepare() {
    const page = this.#page;
    await page.route(/\/plugins\/x-guest\//, (route) => {
      const version = /x-guest\/(\w+)\//.exec(route.request().url())?.[1] ?? '';
      const body = this.modules[version];
      return body === undefined ? route.fulfill({ status: 404, body: '' }) : route.fulfill({ contentType: 'text/javascript', body });
    });
    await page.route('**/api/v1/plugins', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { items: this.#with((await response.json()).items) } });
    });
    await page.routeWebSocket(/\/api\/v1\/realtime$/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        for (const frame of [JSON.parse(String(message))].flat()) this.#head = Math.max(this.#head, frame.seq ?? 0);
        socket.send(message);
        this.#connected = true;
      });
      this.#socket = socket;
    });
    page.on('request', (request) => {
      if (request.isNavigationRequest()) this.#connected = false;
    });
  }

  /** What documents are told from now on. @param {string | null} version */
  async set(version) {
    this.#info = version === null ? null : { id: kId, version, name: 'Guest', ui: { module: `/plugins/${kId}/${version}/index.js`, hash: version } };
    // Before the application reads it, and without touching the document as the server sent it.
    await this.#page.addInitScript((guest) => {
      document.addEventListener('readystatechange', () => {
        const text = document.getElementById('stoa-data')?.firstChild;
        if (!(text instanceof Text) || document.readyState !== 'interactive') return;
        const data = JSON.parse(text.data);
        const others = data.plugins.filter((/** @type {PluginInfo} */ { id }) => id !== 'x-guest');
        text.data = JSON.stringify({ ...data, plugins: guest ? [...others, guest] : others });
      });
    }, this.#info);
  }

  /** What the open page is told: another version, or none. @param {string | null} version */
  async change(version) {
    await this.set(version);
    await becomes(async () => this.#connected, true, 'connected');
    const { items } = await this.#page.evaluate(async () => (await fetch('/api/v1/plugins', { signal: AbortSignal.timeout(10_000) })).json());
    // Between what the server has sent and what it will send.
    this.#head += kBetween;
    this.#socket?.send(JSON.stringify({ op: 'event', seq: this.#head, channels: ['system'], type: 'plugins.changed', time: new Date().toISOString(), data: { items } }));
  }

  /** @param {PluginInfo[]} items */
  #with(items) {
    const others = items.filter(({ id }) => id !== kId);
    return this.#info ? [...others, this.#info] : others;
  }
}
