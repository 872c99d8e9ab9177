// The newest polls, and the form to ask one.
import { ask, Button, Empty, Failure, Field, Heading, Skeleton, TextArea, useLoaded, useSubmit } from '@stoa/sdk';
import { html } from 'htm/preact';
import { useState } from 'preact/hooks';

/** @typedef {import('@stoa/sdk').Sdk} Sdk */

const kPolls = '/api/v1/x/polls/polls';

/** @param {{ sdk: Sdk, close(): void }} props */
function Form({ sdk, close }) {
  const [question, setQuestion] = useState('');
  const [answers, setAnswers] = useState('');
  const [days, setDays] = useState('7');
  const { busy, problem, field, submit } = useSubmit(['question', 'options', 'days']);
  const send = (/** @type {Event} */ event) => {
    event.preventDefault();
    const options = answers.split('\n').map((line) => line.trim()).filter(Boolean);
    void submit(async () => {
      const { data } = await ask(sdk.api.POST(kPolls, { body: { question: question.trim(), options, days: Number(days) } }));
      sdk.router.navigate(`/x/polls/${data.id}`);
    });
  };
  const typed = (/** @type {(text: string) => void} */ set) => (/** @type {{ currentTarget: HTMLInputElement }} */ event) => set(event.currentTarget.value);
  return html`
    <form class="stoa-panel stoa-polls" aria-label="New poll" onSubmit=${send}>
      <${Field} name="question" label="Question" value=${question} onInput=${typed(setQuestion)} required maxLength=${200} error=${field('question')} />
      <${TextArea} label="Answers" value=${answers} change=${setAnswers} rows=${4} hint="One in each line, two at least." error=${field('options')} />
      <${Field} name="days" label="Days it is open" type="number" min=${1} max=${365} value=${days} onInput=${typed(setDays)} required error=${field('days')} />
      ${problem && html`<p class="stoa-failure" role="alert">${problem}</p>`}
      <div class="stoa-polls-actions">
        <${Button} kind="primary" type="submit" busy=${busy}>Ask</${Button}>
        <${Button} kind="quiet" onClick=${close}>Cancel</${Button}>
      </div>
    </form>
  `;
}

/** @param {{ polls: { id: number, question: string, closes_at: string, closed: boolean }[] }} props */
function List({ polls }) {
  if (!polls.length) return html`<${Empty} icon="list" title="Nobody has asked anything yet." />`;
  return html`
    <ol class="stoa-feed">
      ${polls.map(
        (poll) => html`
          <li key=${poll.id}>
            <article class="stoa-card">
              <h2 class="stoa-card-title"><a href=${`/x/polls/${poll.id}`}>${poll.question}</a></h2>
              <p class="stoa-meta">${poll.closed ? 'Over' : `Open until ${new Date(poll.closes_at).toLocaleDateString(undefined, { dateStyle: 'medium' })}`}</p>
            </article>
          </li>
        `,
      )}
    </ol>
  `;
}

/** @param {Sdk} sdk */
export const listPage = (sdk) =>
  function ListPage() {
    const [asking, setAsking] = useState(false);
    const { value, error, reload } = useLoaded(kPolls, async () => (await ask(sdk.api.GET(kPolls))).data.items);
    const member = sdk.session.user.value;
    return html`
      <${Heading} title="Polls" />
      ${member && !asking && html`<p><${Button} kind="primary" icon="plus" onClick=${() => setAsking(true)}>New poll</${Button}></p>`}
      ${member && asking && html`<${Form} sdk=${sdk} close=${() => setAsking(false)} />`}
      ${error && html`<${Failure} error=${error} retry=${reload} />`}
      ${!value && !error && html`<${Skeleton} />`}
      ${value && html`<${List} polls=${value} />`}
    `;
  };
