// Loaded by the forum as it is. What is registered through `sdk` is taken back when the plugin goes.
import { ask, Button, Failure, Heading, Skeleton, useLoaded, useSubmit } from '@stoa/sdk';
import { html } from 'htm/preact';

const path = '/api/v1/x/@ID@/visits';

/** @param {{ sdk: import('@stoa/sdk').Sdk }} props */
function Visits({ sdk }) {
  // `sdk.api` renews a login that has run out; a plain `fetch` would be a stranger's after a quarter of an hour.
  const { value, error, reload } = useLoaded(path, async () => (await ask(sdk.api.GET(path))).data.visits);
  const { busy, problem, submit } = useSubmit();
  const comeBy = () =>
    submit(async () => {
      await ask(sdk.api.POST(path));
      reload();
    });
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  return html`
    <${Heading} title="@ID@" />
    ${value === undefined ? html`<${Skeleton} rows=${1} />` : html`<p>${value} came by.</p>`}
    ${sdk.session.user.value && html`<${Button} kind="primary" busy=${busy} onClick=${comeBy}>Come by</${Button}>`}
    ${problem && html`<p class="stoa-failure" role="alert">${problem}</p>`}
  `;
}

/** @param {import('@stoa/sdk').Sdk} sdk */
export function activate(sdk) {
  sdk.page('/x/@ID@', { component: () => html`<${Visits} sdk=${sdk} />` });
  sdk.outlet('nav.main', { component: () => html`<a class="stoa-nav-link" href="/x/@ID@">@ID@</a>`, order: 90 });
}
