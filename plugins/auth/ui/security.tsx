import { ask, Button, Empty, explain, Failure, Field, Skeleton, TimeAgo, useLoaded, useSubmit, type Schemas, type Sdk } from '@stoa/sdk';
import { useState } from 'preact/hooks';

const kEmpty = { current_password: '', new_password: '' };

export function passwordSection(sdk: Sdk) {
  return function PasswordSection() {
    const [values, setValues] = useState(kEmpty);
    const { busy, problem, field, submit } = useSubmit(Object.keys(kEmpty));
    if (!sdk.session.user.value) return <p>You are not logged in.</p>;
    const bind = (name: keyof typeof kEmpty) => ({
      name,
      type: 'password' as const,
      value: values[name],
      error: field(name),
      required: true,
      onInput: (event: { currentTarget: { value: string } }) => setValues({ ...values, [name]: event.currentTarget.value }),
    });
    const send = (event: Event) => {
      event.preventDefault();
      void submit(async () => {
        await ask(sdk.api.POST('/api/v1/auth/password', { body: values }));
        setValues(kEmpty);
        sdk.toast('The password is changed, and all other sessions are ended.');
      });
    };
    return (
      <form class="stoa-form" onSubmit={send}>
        {problem && <p class="stoa-failure" role="alert">{problem}</p>}
        <div class="stoa-form-pair">
          <Field {...bind('current_password')} label="Current password" autocomplete="current-password" />
          <Field {...bind('new_password')} label="New password" autocomplete="new-password" minLength={10} />
        </div>
        <div class="stoa-form-end"><Button type="submit" busy={busy}>Change the password</Button></div>
      </form>
    );
  };
}

/** The browser and system of a user agent, as far as people care. */
function deviceOf(agent: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent)?.[1] ?? 'Another program';
  const system = /(Android|iPhone|iPad|Windows|Mac OS X|Linux)/.exec(agent)?.[1];
  const name = browser === 'Edg' ? 'Edge' : browser === 'OPR' ? 'Opera' : browser;
  return system ? `${name} on ${system.replace(' OS X', '')}` : name;
}

function SessionRow({ session, end }: { session: Schemas['Session']; end(): void }) {
  return (
    <li class="stoa-row">
      <div class="stoa-row-main">
        <span class="stoa-row-title">{deviceOf(session.user_agent)}</span>
        <span class="stoa-row-sub">{session.address} · last used <TimeAgo time={session.last_used_at} /></span>
      </div>
      {session.current ? <span class="stoa-tag">this browser</span> : <Button onClick={end}>End</Button>}
    </li>
  );
}

export function sessionsSection(sdk: Sdk) {
  return function SessionsSection() {
    const id = sdk.session.user.value?.id;
    const { value, error, reload } = useLoaded(String(id), async () => (id ? (await ask(sdk.api.GET('/api/v1/auth/sessions'))).data.items : []));
    if (!id) return <Empty icon="lock" title="You are not logged in." />;
    if (error) return <Failure error={error} retry={reload} />;
    if (!value) return <Skeleton rows={2} />;
    const act = (call: Promise<unknown>) => call.then(reload, (problem: unknown) => sdk.toast(explain(problem), { kind: 'problem' }));
    return (
      <>
        <ul class="stoa-rows">
          {value.map((session) => (
            <SessionRow key={session.id} session={session} end={() => void act(ask(sdk.api.DELETE('/api/v1/auth/sessions/{id}', { params: { path: { id: session.id } } })))} />
          ))}
        </ul>
        {value.length > 1 && <Button kind="danger" onClick={() => void act(ask(sdk.api.DELETE('/api/v1/auth/sessions')))}>End all others</Button>}
      </>
    );
  };
}
