// The forum loads these files as they are: no build, and nothing but the shell's own copies of what is imported by name.
import { NavLink } from '@stoa/sdk';
import { html } from 'htm/preact';
import { listPage } from './list.js';
import { Poll, pollPage } from './poll.js';
import { css } from './style.js';

const named = (/** @type {string | undefined} */ text) => [...new Set([...(text ?? '').matchAll(/\[poll:(\d+)\]/g)].map((match) => Number(match[1])))];

/** @param {import('@stoa/sdk').Sdk} sdk */
export function activate(sdk) {
  sdk.styles(css);
  sdk.page('/x/polls', { component: listPage(sdk) });
  sdk.page('/x/polls/:id', { component: pollPage(sdk) });
  sdk.outlet('nav.main', { component: () => html`<${NavLink} href="/x/polls" icon="list" label="Polls" also=${['/x/polls/']} />`, order: 50 });
  sdk.outlet('post.footer', { component: ({ post }) => named(post.body).map((id) => html`<${Poll} key=${id} sdk=${sdk} id=${id} />`) });
}
