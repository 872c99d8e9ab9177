// The forum loads this file as it is: no build, no framework but the shell's own copy of Preact.
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';

const base = '/api/v1/x/polls/polls';

async function ask(path, options) {
  const answer = await fetch(path, options);
  if (!answer.ok) throw new Error((await answer.json()).detail ?? 'That did not work.');
  return { json: await answer.json(), seq: Number(answer.headers.get('Stoa-Seq')) };
}
const put = (path, body) =>
  ask(path, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

// New counts replace old ones: seeing the same event twice changes nothing.
const counted = (poll, counts) => ({
  ...poll,
  options: poll.options.map((option) => ({ ...option, ...counts.options.find((each) => each.id === option.id) })),
});

function Poll({ sdk, id }) {
  const [poll, setPoll] = useState(null);
  const [mine, setMine] = useState(null);
  const user = sdk.session.user.value;

  useEffect(() => {
    let stop = () => {};
    let gone = false;
    const load = async () => {
      const { json, seq } = await ask(`${base}/${id}`);
      if (gone) return;
      setPoll(json);
      stop();
      stop = sdk.realtime.follow({
        channels: [`poll:${id}`],
        since: seq,
        event: ({ type, data }) => {
          if (type === 'polls.poll.counted') setPoll((now) => now && counted(now, data));
          if (type === 'polls.poll.closed') setPoll((now) => now && { ...counted(now, data), closed: true });
          if (type === 'polls.poll.deleted') setPoll(null);
        },
        ephemeral: ({ data }) => sdk.toast(data.count === 1 ? 'Somebody cheers.' : `${data.count} people cheer.`),
        resync: () => void load(),
      });
    };
    load().catch(() => setPoll(null));
    if (user) ask(`${base}/${id}/vote`).then(({ json }) => setMine(json.option_id), () => {});
    return () => {
      gone = true;
      stop();
    };
  }, [id]);

  if (!poll) return null;
  const all = poll.options.reduce((sum, option) => sum + option.votes, 0);
  const vote = (option) =>
    put(`${base}/${id}/vote`, { option_id: option.id }).then(
      ({ json }) => (setPoll(json), setMine(option.id)),
      (problem) => sdk.toast(problem.message, { kind: 'problem' }),
    );
  return html`
    <section class="stoa-polls" aria-label=${poll.question}>
      <h2>${poll.question}</h2>
      ${poll.options.map(
        (option) => html`
          <button class="stoa-polls-option" disabled=${!user || poll.closed} aria-pressed=${mine === option.id} onClick=${() => vote(option)}>
            <meter min="0" max=${all || 1} value=${option.votes}></meter>
            <span>${option.text}: ${option.votes}</span>
          </button>
        `,
      )}
      <p class="stoa-meta">${poll.closed ? 'This poll is over.' : `Open until ${new Date(poll.closes_at).toLocaleString()}`}</p>
      ${user && !poll.closed && html`<button class="stoa-button stoa-button-quiet" onClick=${() => sdk.realtime.send('cheer', `poll:${id}`)}>Cheer</button>`}
    </section>
  `;
}

function List() {
  const [polls, setPolls] = useState([]);
  useEffect(() => void ask(base).then(({ json }) => setPolls(json.items), () => {}), []);
  return html`
    <h1 class="stoa-heading">Polls</h1>
    <ul>${polls.map((poll) => html`<li><a href=${`/x/polls/${poll.id}`}>${poll.question}</a></li>`)}</ul>
  `;
}

const named = (text) => [...new Set([...(text ?? '').matchAll(/\[poll:(\d+)\]/g)].map((match) => match[1]))];

export function activate(sdk) {
  sdk.page('/x/polls', { component: () => html`<${List} />` });
  sdk.page('/x/polls/:id', { component: ({ params }) => html`<${Poll} key=${params.id} sdk=${sdk} id=${params.id} />` });
  sdk.outlet('post.footer', {
    component: ({ post }) => named(post.body).map((id) => html`<${Poll} key=${id} sdk=${sdk} id=${id} />`),
  });
  sdk.styles(`
    .stoa-polls { display: grid; gap: 0.5rem; margin-block: 1rem; }
    .stoa-polls-option { display: flex; gap: 0.75rem; align-items: center; min-block-size: 2.5rem; text-align: start; }
    .stoa-polls-option[aria-pressed='true'] { font-weight: 600; }
  `);
}
