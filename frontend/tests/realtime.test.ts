import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { RealtimeClient } from '../assets/js/realtime/client';
import type { SocketLike } from '../assets/js/realtime/frames';
import type { RealtimeEvent } from '../sdk/types';

/** The server's side of a connection, driven by the test. */
class Socket implements SocketLike {
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  readonly sent: Record<string, unknown>[] = [];
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(): void {}
  say(...frames: object[]): void {
    this.onmessage?.({ data: JSON.stringify(frames.length === 1 ? frames[0] : frames) });
  }
  welcome(seq: number, user: object | null = null): void {
    this.say({ op: 'welcome', connection: 'c', user, seq, heartbeat_s: 30 });
  }
  last(): Record<string, unknown> {
    return this.sent.at(-1) ?? {};
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const event = (seq: number, channels: string[], more: object = {}) => ({ op: 'event', seq, channels, type: 't', time: '', data: {}, ...more });

let sockets: Socket[] = [];
let client: RealtimeClient;
const current = () => sockets.at(-1) as Socket;

beforeEach(() => {
  sockets = [];
  client = new RealtimeClient({
    connect: () => {
      const socket = new Socket();
      sockets.push(socket);
      return socket;
    },
    random: () => 0,
  });
  client.start();
});
afterEach(() => client.stop());

function listen(channels: string[], since?: number): number[] {
  const seen: number[] = [];
  client.follow({ channels, since, event: ({ seq }: RealtimeEvent) => seen.push(seq) });
  return seen;
}

/** Lets the connection break and waits for the next one. */
async function reconnect(code = 1006): Promise<void> {
  const before = sockets.length;
  current().onclose?.({ code });
  while (sockets.length === before) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('subscribes with the seq of the snapshot, and delivers replay and live events once', async () => {
  current().welcome(20);
  const seen = listen(['posts'], 10);
  assert.deepEqual(current().last(), { op: 'subscribe', channels: ['posts'], since: 10, id: 1 });
  current().say(event(11, ['posts'], { replay: true }), event(15, ['posts'], { replay: true }), { op: 'ok', id: 1, seq: 20 });
  await settle();
  current().say(event(21, ['posts']));
  current().say(event(15, ['posts'], { replay: true }));
  assert.deepEqual(seen, [11, 15, 21]);
});

test('live events that overtake the replay wait for it', async () => {
  current().welcome(20);
  listen(['posts']);
  current().say({ op: 'ok', id: 1, seq: 20 });
  await settle();
  const seen = listen(['posts', 'post:1'], 10);
  current().say(event(21, ['posts']), event(12, ['post:1'], { replay: true }), { op: 'ok', id: 2, seq: 21 });
  await settle();
  assert.deepEqual(seen, [12, 21]);
});

test('resumes from the last event seen, on any channel of the connection', async () => {
  current().welcome(20);
  const seen = listen(['posts']);
  current().say({ op: 'ok', id: 1, seq: 20 });
  await settle();
  const quiet = listen(['post:7']);
  current().say({ op: 'ok', id: 2, seq: 20 });
  await settle();
  current().say(event(30, ['posts']));
  await reconnect();
  current().welcome(40);
  assert.deepEqual(current().sent.map(({ channels, since }) => [channels, since]), [[['posts'], 30], [['post:7'], 30]]);
  current().say(event(30, ['posts'], { replay: true }), event(31, ['posts'], { replay: true }), { op: 'ok', id: 3, seq: 40 }, { op: 'ok', id: 4, seq: 40 });
  await settle();
  assert.deepEqual(seen, [30, 31]);
  assert.deepEqual(quiet, []);
});

test('a second follower of a joined channel gets what came since its snapshot without asking', async () => {
  current().welcome(20);
  listen(['posts']);
  current().say({ op: 'ok', id: 1, seq: 20 });
  await settle();
  current().say(event(21, ['posts']), event(22, ['posts']));
  const seen = listen(['posts'], 21);
  assert.equal(current().sent.length, 1);
  assert.deepEqual(seen, [22]);
  const older = listen(['posts'], 5);
  assert.equal(current().last().since, 5);
  assert.deepEqual(older, []);
});

test('the own channel is joined without asking, and resumed with since', async () => {
  current().welcome(20, { id: 5, nickname: 'x', role: 'member' });
  const seen = listen(['user:5']);
  assert.equal(current().sent.length, 0);
  current().say(event(21, ['user:5']));
  await reconnect();
  current().welcome(30, { id: 5, nickname: 'x', role: 'member' });
  assert.deepEqual(current().last().since, 21);
  current().say(event(25, ['user:5'], { replay: true }), { op: 'ok', id: 1, seq: 30 });
  await settle();
  assert.deepEqual(seen, [21, 25]);
});

test('events of two channels of one follower come once', async () => {
  current().welcome(1);
  const seen = listen(['posts', 'post:1']);
  current().say({ op: 'ok', id: 1, seq: 1 });
  await settle();
  current().say(event(2, ['posts', 'post:1']));
  assert.deepEqual(seen, [2]);
});

test('resync, refusal and withdrawal reach the follower', async () => {
  current().welcome(50);
  const said: string[] = [];
  client.follow({ channels: ['post:1'], since: 1, resync: () => said.push('resync'), closed: (reason) => said.push(reason) });
  current().say({ op: 'resync', channels: ['post:1'] }, { op: 'ok', id: 1, seq: 50 });
  await settle();
  client.follow({ channels: ['chat:9'], closed: (reason) => said.push(reason) });
  current().say({ op: 'error', id: 2, problem: { type: '/problems/forbidden', title: '', status: 403 } });
  await settle();
  current().say({ op: 'unsubscribed', channels: ['post:1'], reason: 'plugin-disabled' });
  assert.deepEqual(said, ['resync', 'forbidden', 'plugin-disabled']);
});

test('leaves a channel with its last follower, but never an own one', async () => {
  current().welcome(1, { id: 5, nickname: 'x', role: 'member' });
  const leave = client.follow({ channels: ['posts', 'user:5'] });
  current().say({ op: 'ok', id: 1, seq: 1 });
  await settle();
  leave();
  leave();
  assert.deepEqual(current().sent.slice(1), [{ id: 2, op: 'unsubscribe', channels: ['posts'] }]);
});

test('applying events to an old snapshot equals a fresh one, however often the line breaks', async () => {
  const all = Array.from({ length: 60 }, (_, index) => event(index + 1, [index % 3 ? 'post:1' : 'posts']));
  const seen: number[] = [];
  client.follow({ channels: ['posts', 'post:1'], since: 5, event: ({ seq }) => seen.push(seq) });
  let head = 10;
  while (head < 60) {
    current().welcome(head);
    const { id, since } = current().last() as { id: number; since: number };
    current().say(...all.filter(({ seq }) => seq > since && seq <= head).map((one) => ({ ...one, replay: true })), { op: 'ok', id, seq: head });
    await settle();
    for (const one of all.slice(head, head + 10)) current().say(one);
    // While the line is down, five more happen.
    head = Math.min(60, head + 15);
    if (head < 60) await reconnect();
  }
  const missing = all.slice(5).map(({ seq }) => seq).filter((seq) => seq <= seen.at(-1)! && !seen.includes(seq));
  assert.deepEqual(missing, []);
  assert.equal(new Set(seen).size, seen.length);
});
