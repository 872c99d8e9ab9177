import { ask, Button, Field, Heading, useSubmit, type PageProps, type Sdk } from '@stoa/sdk';
import { useState } from 'preact/hooks';

const kFields = ['nickname', 'email', 'password'];

/** The first page of a new forum: its first administrator. */
export function setupPage(sdk: Sdk) {
  return function SetupPage({ query }: PageProps) {
    const token = query.get('token') ?? '';
    const [values, setValues] = useState({ nickname: '', email: '', password: '' });
    const { busy, problem, field, submit } = useSubmit(kFields);
    const bind = (name: keyof typeof values) => ({
      name,
      value: values[name],
      error: field(name),
      onInput: (event: { currentTarget: { value: string } }) => setValues({ ...values, [name]: event.currentTarget.value }),
    });
    const send = async (event: Event) => {
      event.preventDefault();
      const done = await submit(async () => sdk.session.signedIn((await ask(sdk.api.POST('/api/v1/setup', { body: { token, ...values } }))).data));
      if (done) sdk.router.navigate('/', { replace: true });
    };
    return (
      <div class="stoa-auth-card">
        <Heading title="Set up the forum" />
        <p class="stoa-auth-lead">This account will run {sdk.forum.name}: it may change everything and appoint others.</p>
        {token ? (
          <form class="stoa-form" onSubmit={(event) => void send(event)}>
            {problem && <p class="stoa-failure" role="alert">{problem}</p>}
            <Field {...bind('nickname')} label="Nickname" hint="3 to 20 letters, digits, _ or -." autocomplete="username" required maxLength={20} />
            <Field {...bind('email')} label="E-mail" type="email" autocomplete="email" required />
            <Field {...bind('password')} label="Password" hint="At least 15 characters for an administrator." type="password" autocomplete="new-password" required minLength={10} />
            <Button kind="primary" type="submit" busy={busy}>Create the administrator</Button>
          </form>
        ) : (
          <p class="stoa-failure" role="alert">This address lacks its token. Use the whole link that the server printed when it started.</p>
        )}
      </div>
    );
  };
}
