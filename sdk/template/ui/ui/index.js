// Loaded by the forum as it is. What is registered through `sdk` is taken back when the plugin goes.
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';

const path = '/api/v1/x/@ID@/visits';

function Visits({ sdk }) {
  const [visits, setVisits] = useState(null);
  const load = async () => setVisits((await (await fetch(path)).json()).visits);
  useEffect(() => void load(), []);
  const comeBy = async () => {
    const answer = await fetch(path, { method: 'POST' });
    if (answer.ok) await load();
    else sdk.toast('That did not work.', { kind: 'problem' });
  };
  return html`
    <h1 class="stoa-heading">@ID@</h1>
    <p>${visits === null ? '…' : `${visits} came by.`}</p>
    ${sdk.session.user.value && html`<button class="stoa-button stoa-button-primary" onClick=${comeBy}>Come by</button>`}
  `;
}

export function activate(sdk) {
  sdk.page('/x/@ID@', { component: () => html`<${Visits} sdk=${sdk} />` });
  sdk.outlet('nav.main', { component: () => html`<a class="stoa-nav-link" href="/x/@ID@">@ID@</a>`, order: 90 });
}
