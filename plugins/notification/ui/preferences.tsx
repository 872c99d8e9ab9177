import { ask, explain, Failure, Skeleton, Switch, useLoaded, type Schemas, type Sdk } from '@stoa/sdk';
import { useState } from 'preact/hooks';

type Types = Schemas['Preferences']['types'];

const kNames: Record<string, string> = {
  comment: 'Comments on my posts',
  reply: 'Answers to me',
  mention: 'Mentions of me',
  vote: 'Likes',
  message: 'Messages',
  moderation: 'Moderation',
};

function Choices({ sdk, start }: { sdk: Sdk; start: Types }) {
  const [types, setTypes] = useState(start);
  const change = async (type: string, on: boolean) => {
    const before = types;
    const wanted = { ...types, [type]: { ...(types[type] ?? { email: false }), in_app: on } };
    setTypes(wanted);
    try {
      await ask(sdk.api.PUT('/api/v1/notifications/preferences', { body: { types: wanted } }));
    } catch (error) {
      setTypes(before);
      sdk.toast(explain(error), { kind: 'problem' });
    }
  };
  return (
    <fieldset class="stoa-notification-choices">
      <legend class="stoa-hint">Tell me about</legend>
      {Object.entries(types).map(([type, { in_app }]) => (
        <Switch key={type} label={kNames[type] ?? type} checked={in_app} change={(on) => void change(type, on)} />
      ))}
    </fieldset>
  );
}

export function preferencesSection(sdk: Sdk) {
  return function PreferencesSection() {
    const id = sdk.session.user.value?.id;
    const { value, error, reload } = useLoaded(String(id), async () => (id ? (await ask(sdk.api.GET('/api/v1/notifications/preferences'))).data.types : null));
    if (!id) return <p>You are not logged in.</p>;
    if (error) return <Failure error={error} retry={reload} />;
    return value ? <Choices sdk={sdk} start={value} /> : <Skeleton rows={3} />;
  };
}
