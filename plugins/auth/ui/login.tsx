import { ask, Button, Field, Heading, useSubmit, type PageProps, type Sdk } from '@stoa/sdk';
import { useState } from 'preact/hooks';
import { useOnlyForStrangers } from './after';

export function loginPage(sdk: Sdk) {
  return function LoginPage({ query }: PageProps) {
    const [login, setLogin] = useState('');
    const [password, setPassword] = useState('');
    const { busy, problem, field, submit } = useSubmit(['login', 'password']);
    useOnlyForStrangers(sdk, query);
    const send = (event: Event) => {
      event.preventDefault();
      void submit(async () => sdk.session.signedIn((await ask(sdk.api.POST('/api/v1/auth/login', { body: { login: login.trim(), password } }))).data));
    };
    return (
      <div class="stoa-auth-card">
        <Heading title="Log in" />
        <form class="stoa-form" onSubmit={send}>
          {problem && <p class="stoa-failure" role="alert">{problem}</p>}
          <Field name="login" label="Nickname or e-mail" autocomplete="username" required value={login} error={field('login')} onInput={(event) => setLogin(event.currentTarget.value)} />
          <Field name="password" label="Password" type="password" autocomplete="current-password" required value={password} error={field('password')} onInput={(event) => setPassword(event.currentTarget.value)} />
          <Button kind="primary" type="submit" busy={busy}>Log in</Button>
        </form>
        {!sdk.forum.private && <p class="stoa-auth-other">New here? <a href="/register">Create an account</a></p>}
      </div>
    );
  };
}
