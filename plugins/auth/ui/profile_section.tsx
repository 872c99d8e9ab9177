import { ask, Button, Failure, Field, Skeleton, TextArea, useLoaded, useSubmit, type Schemas, type Sdk } from '@stoa/sdk';
import { useState } from 'preact/hooks';
import { GenderField } from './gender_field';

type OwnUser = Schemas['OwnUser'];
const kFields = ['email', 'first_name', 'last_name', 'age', 'gender', 'bio'] as const;
type Values = Record<(typeof kFields)[number], string>;

function valuesOf(user: OwnUser): Values {
  return {
    email: user.email ?? '',
    first_name: user.first_name ?? '',
    last_name: user.last_name ?? '',
    age: user.age ? String(user.age) : '',
    gender: user.gender ?? '',
    bio: user.bio ?? '',
  };
}

/** Only what was changed, so that an untouched field is never refused. */
function difference(before: Values, after: Values): Record<string, string | number> {
  const changed = kFields.filter((name) => after[name] !== before[name] && !(name === 'age' && after.age === ''));
  return Object.fromEntries(changed.map((name) => [name, name === 'age' ? Number(after.age) : after[name].trim()]));
}

function ProfileForm({ sdk, user }: { sdk: Sdk; user: OwnUser }) {
  const [before, setBefore] = useState(() => valuesOf(user));
  const [values, setValues] = useState(before);
  const { busy, problem, field, submit } = useSubmit(kFields);
  const set = (name: keyof Values, value: string) => setValues((now) => ({ ...now, [name]: value }));
  const bind = (name: keyof Values) => ({
    name,
    value: values[name],
    error: field(name),
    onInput: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
  });
  const send = (event: Event) => {
    event.preventDefault();
    void submit(async () => {
      const { data } = await ask(sdk.api.PATCH('/api/v1/users/me', { body: difference(before, values) }));
      sdk.session.update(data);
      setBefore(values);
      sdk.toast('Your profile is saved.');
    });
  };
  return (
    <form class="stoa-form" onSubmit={send}>
      {problem && <p class="stoa-failure" role="alert">{problem}</p>}
      <TextArea label="About you" optional maxLength={1000} value={values.bio} error={field('bio')} change={(bio) => set('bio', bio)} />
      <Field {...bind('email')} label="E-mail" type="email" autocomplete="email" required />
      <div class="stoa-form-pair">
        <Field {...bind('first_name')} label="First name" optional autocomplete="given-name" maxLength={64} />
        <Field {...bind('last_name')} label="Last name" optional autocomplete="family-name" maxLength={64} />
      </div>
      <div class="stoa-form-pair">
        <Field {...bind('age')} label="Age" optional type="number" min={13} max={120} />
        <GenderField value={values.gender} change={(gender) => set('gender', gender)} error={field('gender')} />
      </div>
      <div class="stoa-form-end"><Button kind="primary" type="submit" busy={busy}>Save the profile</Button></div>
    </form>
  );
}

export function profileSection(sdk: Sdk) {
  return function ProfileSection() {
    const id = sdk.session.user.value?.id;
    const { value, error, reload } = useLoaded(String(id), async () => (id ? (await ask(sdk.api.GET('/api/v1/users/me'))).data : null));
    if (!id) return <p>You are not logged in. <a href="/login?next=/settings">Log in</a> to edit your profile.</p>;
    if (error) return <Failure error={error} retry={reload} />;
    return value ? <ProfileForm sdk={sdk} user={value} key={value.id} /> : <Skeleton rows={3} />;
  };
}
