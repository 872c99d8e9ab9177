import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { signal } from '@preact/signals';
import { importFault, reasonOf, type Fault } from '../assets/js/plugins/faults';
import { PluginHost } from '../assets/js/plugins/host';
import { Registrations } from '../assets/js/plugins/registrations';
import type { Dispose, PluginInfo, PluginModule, Sdk } from '../sdk/types';

const plugin = (id: string, hash = 'a'): PluginInfo => ({ id, name: id, version: '1', ui: { module: `/plugins/${id}/${hash}/index.js`, hash } });
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** What happened, in turn. */
let said: string[] = [];
let modules: Map<string, (sdk: Sdk) => Dispose | void | Promise<Dispose | void>>;
/** Fetches that wait to be answered, by address. */
let fetches: Map<string, { arrive(module?: object): void; fail(error?: unknown): void }[]>;
/** What stands on the page: a set of the plugins' registrations. */
let page: Set<string>;
let settled: string[] = [];
let host: PluginHost;

beforeEach(() => {
  said = [];
  modules = new Map();
  fetches = new Map();
  page = new Set();
  settled = [];
  const complain = ({ id }: PluginInfo, fault: Fault) => void said.push(`${id}: ${fault}`);
  host = new PluginHost({
    complain,
    settled: ({ ui }) => void settled.push(ui?.module ?? ''),
    fetchModule: (url) =>
      new Promise<PluginModule>((resolve, reject) => {
        const activate = modules.get(url) ?? ((sdk: Sdk) => void sdk.page(url, { component: () => null }));
        const answers = { arrive: (module: object = { activate }) => resolve(module as PluginModule), fail: (error: unknown = new TypeError(`Failed to fetch dynamically imported module: ${url}`)) => reject(error) };
        fetches.set(url, [...(fetches.get(url) ?? []), answers]);
      }),
    sdkFor: (info) => {
      const registered = new Registrations(() => complain(info, 'dispose'));
      const add = (what: string) =>
        registered.add(() => {
          page.add(what);
          said.push(`+${what}`);
          return () => {
            page.delete(what);
            said.push(`-${what}`);
          };
        });
      return { sdk: { plugin: info, page: add } as unknown as Sdk, dispose: () => registered.close() };
    },
  });
});

/** The oldest unanswered fetch of this address gets its answer. */
async function answer(url: string, how: 'arrive' | 'fail' = 'arrive'): Promise<void> {
  const waiting = fetches.get(url)?.shift();
  assert.ok(waiting, `nobody asked for ${url}`);
  waiting[how]();
  await settle();
}

const [kA, kB] = ['/plugins/chat/a/index.js', '/plugins/chat/b/index.js'];

test('a plugin is loaded once, and all it registered goes with it', async () => {
  void host.apply([plugin('chat')]);
  await answer(kA);
  await host.apply([plugin('chat')]);
  assert.deepEqual([...page], [kA]);
  await host.apply([]);
  assert.deepEqual([...page], []);
  assert.equal(fetches.get(kA)?.length, 0);
});

test('off, on, off while the module is on its way: it is never activated', async () => {
  void host.apply([plugin('chat')]);
  void host.apply([]);
  void host.apply([plugin('chat')]);
  void host.apply([]);
  await answer(kA);
  await answer(kA);
  assert.deepEqual(said, []);
});

test('off and on while the module is on its way: it is activated once', async () => {
  void host.apply([plugin('chat')]);
  void host.apply([]);
  void host.apply([plugin('chat')]);
  await answer(kA);
  await answer(kA);
  assert.deepEqual(said, [`+${kA}`]);
});

test('however fast it is switched, the last wish counts', async () => {
  const wishes = Array.from({ length: 42 }, (_, index) => index % 3 !== 1);
  for (const on of wishes) {
    void host.apply(on ? [plugin('chat')] : []);
    if (on && fetches.get(kA)?.length) await answer(kA);
  }
  while (fetches.get(kA)?.length) await answer(kA);
  assert.deepEqual([...page], [kA]);
  assert.equal(said.filter((one) => one.startsWith('+')).length, said.filter((one) => one.startsWith('-')).length + 1);
  await host.apply([]);
  assert.deepEqual([...page], []);
});

test('an upgrade replaces the module, the old one staying until the new one is there', async () => {
  void host.apply([plugin('chat')]);
  await answer(kA);
  void host.apply([plugin('chat', 'b')]);
  await settle();
  assert.deepEqual([...page], [kA]);
  await answer(kB);
  assert.deepEqual(said, [`+${kA}`, `-${kA}`, `+${kB}`]);
});

test('an upgrade that cannot be fetched leaves the old one, says so, and is tried again', async () => {
  void host.apply([plugin('chat')]);
  await answer(kA);
  void host.apply([plugin('chat', 'b')]);
  await answer(kB, 'fail');
  assert.deepEqual([...page], [kA]);
  assert.equal(said.at(-1), 'chat: fetch');
  void host.apply([plugin('chat', 'b')]);
  await answer(kB);
  assert.deepEqual([...page], [kB]);
});

test('an upgrade that is taken back before it arrives changes nothing', async () => {
  void host.apply([plugin('chat')]);
  await answer(kA);
  void host.apply([plugin('chat', 'b')]);
  void host.apply([plugin('chat')]);
  await answer(kB);
  assert.deepEqual(said, [`+${kA}`]);
});

test('whoever watches sees an upgrade as one step', async () => {
  const shown = signal('');
  const seen: string[] = [];
  for (const url of [kA, kB]) {
    modules.set(url, () => {
      shown.value = url;
      return () => (shown.value = 'gone');
    });
  }
  void host.apply([plugin('chat')]);
  await answer(kA);
  shown.subscribe((value) => void seen.push(value));
  void host.apply([plugin('chat', 'b')]);
  await answer(kB);
  assert.deepEqual(seen, [kA, kB]);
});

test('plugins do not wait for each other, nor for one that never finishes', async () => {
  modules.set(kA, () => new Promise(() => undefined));
  void host.apply([plugin('chat'), plugin('posts')]);
  await answer(kA);
  await answer('/plugins/posts/a/index.js');
  assert.deepEqual([...page], ['/plugins/posts/a/index.js']);
  await host.apply([]);
  assert.deepEqual([...page], []);
});

test('one that fails is named, and leaves nothing behind but what others registered', async () => {
  modules.set(kA, (sdk) => {
    sdk.page('/half', { component: () => null });
    throw new Error('a bug');
  });
  void host.apply([plugin('chat'), plugin('posts')]);
  await answer('/plugins/posts/a/index.js');
  await answer(kA);
  assert.deepEqual([...page], ['/plugins/posts/a/index.js']);
  assert.ok(said.includes('chat: start'));
});

test('what a slow activation registers after its plugin went is not registered, and its own dispose is called', async () => {
  let go = () => {};
  modules.set(kA, async (sdk) => {
    await new Promise<void>((resolve) => (go = resolve));
    sdk.page('/late', { component: () => null });
    return () => void said.push('own dispose');
  });
  void host.apply([plugin('chat')]);
  await answer(kA);
  await host.apply([]);
  go();
  await settle();
  assert.deepEqual(said, ['own dispose']);
  assert.deepEqual([...page], []);
});

test('a dispose that throws keeps nothing on the page', async () => {
  modules.set(kA, (sdk) => {
    sdk.page('/x', { component: () => null });
    return () => {
      throw new Error('a bug');
    };
  });
  void host.apply([plugin('chat')]);
  await answer(kA);
  await host.apply([]);
  assert.deepEqual(said, ['+/x', 'chat: dispose', '-/x']);
});

test('registrations: disposing twice does nothing, and one that throws keeps none of the others', () => {
  const order: string[] = [];
  const problems: unknown[] = [];
  const registered = new Registrations((error) => problems.push(error));
  const first = registered.add(() => () => void order.push('first'));
  registered.add(() => () => void order.push('second'));
  registered.add(() => () => {
    throw new Error('third');
  });
  first();
  first();
  registered.close();
  assert.deepEqual(order, ['first', 'second']);
  assert.equal(problems.length, 1);
});

test('a module that cannot be fetched, parsed or run is told apart', async () => {
  const problems: [unknown, Fault][] = [
    [new TypeError('Failed to fetch dynamically imported module: http://x/plugins/chat/a/index.js'), 'fetch'],
    [new TypeError('error loading dynamically imported module: http://x/plugins/chat/a/index.js'), 'fetch'],
    [new TypeError('Importing a module script failed.'), 'fetch'],
    [new SyntaxError("Unexpected token '}'"), 'parse'],
    [new SyntaxError("The requested module 'preact' does not provide an export named 'html'"), 'parse'],
    [new TypeError('Failed to resolve module specifier "lodash"'), 'parse'],
    [new TypeError('The specifier “lodash” was a bare specifier, but was not remapped to anything.'), 'parse'],
    [new TypeError("Module name, 'lodash' does not resolve to a valid URL."), 'parse'],
    [new TypeError("Cannot read properties of null (reading 'x')"), 'start'],
    [new Error('a bug in the first lines'), 'start'],
    ['thrown text', 'start'],
  ];
  for (const [error, fault] of problems) assert.equal(importFault(error), fault, reasonOf(error));
  void host.apply([plugin('chat')]);
  fetches.get(kA)?.shift()?.fail(new SyntaxError('Unexpected end of input'));
  await settle();
  assert.deepEqual(said, ['chat: parse']);
});

test('a module without activate is one that cannot be started', async () => {
  void host.apply([plugin('chat')]);
  const arriving = fetches.get(kA)?.shift();
  assert.ok(arriving);
  arriving.arrive({});
  await settle();
  assert.deepEqual(said, ['chat: start']);
});

test('a module is settled when it has started, whatever it registered, and an older one no longer', async () => {
  let start: () => void = () => assert.fail('not called');
  modules.set(kA, () => new Promise<void>((resolve) => (start = resolve)));
  modules.set(kB, () => {});
  void host.apply([plugin('chat')]);
  await answer(kA);
  assert.deepEqual(settled, []);
  void host.apply([plugin('chat', 'b')]);
  await answer(kB);
  assert.deepEqual(settled, [kB]);
  start();
  await settle();
  assert.deepEqual(settled, [kB]);
});

test('a module that did not come is not settled', async () => {
  void host.apply([plugin('chat')]);
  await answer(kA, 'fail');
  assert.deepEqual(settled, []);
});
