import { ask, explain, Failure, Skeleton, useLoaded, type Schemas, type Sdk } from '@stoa/sdk';
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

function Table({ sdk, start }: { sdk: Sdk; start: Types }) {
  const [types, setTypes] = useState(start);
  const change = async (type: string, channel: 'in_app' | 'email', on: boolean) => {
    const before = types;
    const choice = { ...(types[type] ?? { in_app: false, email: false }), [channel]: on };
    const wanted = { ...types, [type]: choice };
    setTypes(wanted);
    try {
      await ask(sdk.api.PUT('/api/v1/notifications/preferences', { body: { types: wanted } }));
    } catch (error) {
      setTypes(before);
      sdk.toast(explain(error), { kind: 'problem' });
    }
  };
  const box = (type: string, channel: 'in_app' | 'email', where: string) => (
    <td>
      <input type="checkbox" class="stoa-notification-box" aria-label={`${kNames[type] ?? type}: ${where}`} checked={types[type]?.[channel] ?? false} onChange={(event) => void change(type, channel, event.currentTarget.checked)} />
    </td>
  );
  return (
    <table class="stoa-notification-table">
      <thead><tr><th scope="col">Tell me about</th><th scope="col">here</th><th scope="col">by e-mail</th></tr></thead>
      <tbody>
        {Object.keys(types).map((type) => (
          <tr key={type}><th scope="row">{kNames[type] ?? type}</th>{box(type, 'in_app', 'here')}{box(type, 'email', 'by e-mail')}</tr>
        ))}
      </tbody>
    </table>
  );
}

export function preferencesSection(sdk: Sdk) {
  return function PreferencesSection() {
    const id = sdk.session.user.value?.id;
    const { value, error, reload } = useLoaded(String(id), async () => (id ? (await ask(sdk.api.GET('/api/v1/notifications/preferences'))).data.types : null));
    if (!id) return <p>You are not logged in.</p>;
    if (error) return <Failure error={error} retry={reload} />;
    return value ? <Table sdk={sdk} start={value} /> : <Skeleton rows={3} />;
  };
}
