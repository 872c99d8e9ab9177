// One poll, counted live.
import { ask, Button, Empty, explain, Failure, Heading, Link, plural, Skeleton } from '@stoa/sdk';
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';

/**
 * @typedef {import('@stoa/sdk').Sdk} Sdk
 * @typedef {{ id: number, text: string, votes: number }} Option
 * @typedef {{ id: number, question: string, closes_at: string, closed: boolean, author: { id: number, nickname: string | null }, options: Option[] }} PollInfo
 */

const kPoll = '/api/v1/x/polls/polls/{id}';
const kVote = '/api/v1/x/polls/polls/{id}/vote';

/** New counts replace old ones: seeing the same event twice changes nothing. @param {PollInfo} poll @param {{ options: { id: number }[] }} counts @returns {PollInfo} */
const counted = (poll, counts) => ({ ...poll, options: poll.options.map((option) => ({ ...option, ...counts.options.find(({ id }) => id === option.id) })) });

/** Follows one poll: it, what the user has voted for, and what went wrong. @param {Sdk} sdk @param {number} id */
function usePoll(sdk, id) {
  const [poll, setPoll] = useState(/** @type {PollInfo | null} */ (null));
  const [mine, setMine] = useState(/** @type {number | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [attempt, setAttempt] = useState(0);
  const user = sdk.session.user.value?.id;
  const params = { path: { id } };

  useEffect(() => {
    let stop = () => {};
    let gone = false;
    const load = async () => {
      // The first time the document itself may have brought it.
      const first = /** @type {{ payload: PollInfo, seq: number } | null} */ (sdk.initial('polls.poll'));
      const { data, seq } = first?.payload.id === id ? { data: first.payload, seq: first.seq } : await ask(sdk.api.GET(kPoll, { params }));
      if (gone) return;
      setPoll(data);
      setError(null);
      stop();
      stop = sdk.realtime.follow({
        channels: [`poll:${id}`],
        since: seq,
        event({ type, data }) {
          const counts = /** @type {any} */ (data);
          if (type === 'polls.poll.counted') setPoll((now) => now && counted(now, counts));
          if (type === 'polls.poll.closed') setPoll((now) => now && { ...counted(now, counts), closed: true });
          if (type === 'polls.poll.deleted') again();
        },
        ephemeral({ data }) {
          const { count } = /** @type {{ count: number }} */ (data);
          sdk.toast(count === 1 ? 'Somebody cheers.' : `${count} people cheer.`);
        },
        resync: () => again(),
      });
    };
    const again = () => void load().catch((problem) => gone || setError(problem));
    again();
    return () => {
      gone = true;
      stop();
    };
  }, [id, attempt]);

  useEffect(() => {
    let gone = false;
    setMine(null);
    if (user) ask(sdk.api.GET(kVote, { params })).then(({ data }) => gone || setMine(data.option_id), () => {});
    return () => void (gone = true);
  }, [id, user]);

  /** @param {Option} option */
  const vote = async (option) => {
    try {
      const { data } = await ask(sdk.api.PUT(kVote, { params, body: { option_id: option.id } }));
      setPoll(data);
      setMine(option.id);
    } catch (problem) {
      sdk.toast(explain(problem), { kind: 'problem' });
    }
  };
  return { poll, mine, error, vote, retry: () => setAttempt(attempt + 1) };
}

/** @param {{ option: Option, all: number, mine: boolean, disabled: boolean, vote(): void }} props */
function Answer({ option, all, mine, disabled, vote }) {
  const share = all ? Math.round((100 * option.votes) / all) : 0;
  return html`
    <li>
      <button type="button" class="stoa-polls-option" disabled=${disabled} aria-pressed=${mine} onClick=${vote}>
        <span class="stoa-polls-bar" style=${{ inlineSize: `${share}%` }} aria-hidden="true"></span>
        <span class="stoa-polls-text">${option.text}</span>
        <span class="stoa-polls-count">${plural(option.votes, 'vote')}, ${share} %</span>
      </button>
    </li>
  `;
}

/** @param {Sdk} sdk @param {PollInfo} poll */
function notes(sdk, poll) {
  const until = new Date(poll.closes_at);
  const { user } = sdk.session;
  const { nickname } = poll.author;
  return html`
    <p class="stoa-meta">
      ${nickname && html`<span>Asked by <${Link} href=${`/u/${nickname}`}>${nickname}</${Link}></span>`}
      ${poll.closed ? html`<span>This poll is over.</span>` : html`<span>Open until <time dateTime=${poll.closes_at}>${until.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}</time></span>`}
      ${!poll.closed && !user.value && html`<span><${Link} href=${`/login?next=${encodeURIComponent(location.pathname)}`}>Log in to vote</${Link}></span>`}
    </p>
  `;
}

/** Below a post, or with a page of its own. @param {{ sdk: Sdk, id: number, page?: boolean }} props */
export function Poll({ sdk, id, page = false }) {
  const { poll, mine, error, vote, retry } = usePoll(sdk, id);
  const user = sdk.session.user.value;
  if (/** @type {{ status?: number } | null} */ (error)?.status === 404) {
    if (!page) return null;
    return html`<${Heading} title="No such poll" /><${Empty} icon="search" title="There is no such poll, or it was deleted." />`;
  }
  if (error) return html`<${Failure} error=${error} retry=${retry} />`;
  if (!poll) return html`<${Skeleton} rows=${3} />`;
  const all = poll.options.reduce((sum, option) => sum + option.votes, 0);
  const title = page ? html`<${Heading} title=${poll.question} />` : html`<h2><a href=${`/x/polls/${id}`}>${poll.question}</a></h2>`;
  return html`
    <section class=${page ? 'stoa-polls' : 'stoa-polls stoa-panel'} aria-label=${`Poll: ${poll.question}`}>
      ${title}
      <ul class="stoa-polls-options">
        ${poll.options.map((option) => html`<${Answer} key=${option.id} option=${option} all=${all} mine=${mine === option.id} disabled=${!user || poll.closed} vote=${() => vote(option)} />`)}
      </ul>
      ${notes(sdk, poll)}
      ${user && !poll.closed && html`<${Button} kind="quiet" icon="heart" onClick=${() => sdk.realtime.send('cheer', `poll:${id}`)}>Cheer</${Button}>`}
      ${page && user?.id === poll.author.id && html`<p class="stoa-hint">To show this poll in a post, write <code>[poll:${id}]</code> there.</p>`}
    </section>
  `;
}

/** @param {Sdk} sdk */
export const pollPage = (sdk) => (/** @type {import('@stoa/sdk').PageProps} */ { params }) => html`<${Poll} key=${params.id} sdk=${sdk} id=${Number(params.id)} page />`;
