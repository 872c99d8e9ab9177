import { ask, Button, Field, Heading, useSubmit, type PageProps, type Schemas, type Sdk } from '@stoa/sdk';
import { useState } from 'preact/hooks';
import { useOnlyForStrangers } from './after';
import { GenderField } from './gender_field';

const kFields = ['nickname', 'email', 'password', 'first_name', 'last_name', 'age', 'gender'] as const;
type Values = Record<(typeof kFields)[number], string>;
const kEmpty: Values = { nickname: '', email: '', password: '', first_name: '', last_name: '', age: '', gender: '' };

export function registerPage(sdk: Sdk) {
  return function RegisterPage({ query }: PageProps) {
    const [values, setValues] = useState(kEmpty);
    const { busy, problem, field, submit } = useSubmit(kFields);
    useOnlyForStrangers(sdk, query);
    const bind = (name: keyof Values) => ({
      name,
      value: values[name],
      error: field(name),
      onInput: (event: { currentTarget: { value: string } }) => setValues({ ...values, [name]: event.currentTarget.value }),
    });
    const send = (event: Event) => {
      event.preventDefault();
      void submit(async () => {
        const { nickname, email, password, first_name, last_name, age, gender } = values;
        const body = {
          nickname: nickname.trim(),
          email: email.trim(),
          password,
          ...(first_name.trim() && { first_name: first_name.trim() }),
          ...(last_name.trim() && { last_name: last_name.trim() }),
          ...(age && { age: Number(age) }),
          ...(gender && { gender }),
        };
        const { data } = await ask<Schemas['SignedIn']>(sdk.api.POST('/api/v1/auth/register', { body }));
        sdk.session.signedIn(data);
        sdk.toast(`Welcome, ${data.user.nickname}.`);
      });
    };
    return (
      <div class="stoa-auth-card">
        <Heading title="Create an account" />
        <form class="stoa-form" onSubmit={send}>
          {problem && <p class="stoa-failure" role="alert">{problem}</p>}
          <Field {...bind('nickname')} label="Nickname" hint="3 to 20 letters, digits, _ or -. Everybody sees it." autocomplete="username" required maxLength={20} />
          <Field {...bind('email')} label="E-mail" hint="Nobody else sees it." type="email" autocomplete="email" required />
          <Field {...bind('password')} label="Password" hint="At least 10 characters." type="password" autocomplete="new-password" required minLength={10} />
          <div class="stoa-form-pair">
            <Field {...bind('first_name')} label="First name" optional autocomplete="given-name" maxLength={64} />
            <Field {...bind('last_name')} label="Last name" optional autocomplete="family-name" maxLength={64} />
          </div>
          <div class="stoa-form-pair">
            <Field {...bind('age')} label="Age" optional type="number" min={13} max={120} />
            <GenderField value={values.gender} change={(gender) => setValues({ ...values, gender })} error={field('gender')} />
          </div>
          <Button kind="primary" type="submit" busy={busy}>Create the account</Button>
        </form>
        <p class="stoa-auth-other">Have an account? <a href="/login">Log in</a></p>
      </div>
    );
  };
}
