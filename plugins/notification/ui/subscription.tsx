import { ask, explain, Select, type OutletContexts, type Sdk } from '@stoa/sdk';
import { useState } from 'preact/hooks';

type Level = 'watching' | 'normal' | 'muted';

const kLevels: { value: Level; label: string }[] = [
  { value: 'watching', label: 'Alerts: all' },
  { value: 'normal', label: 'Alerts: normal' },
  { value: 'muted', label: 'Alerts: none' },
];

function isLevel(value: string | null | undefined): value is Level {
  return kLevels.some((level) => level.value === value);
}

/** How much to hear of one post. */
export function subscription(sdk: Sdk) {
  return function Subscription({ post, state }: OutletContexts['post.actions']) {
    const [chosen, choose] = useState<Level>();
    if (!sdk.session.user.value) return null;
    const level = chosen ?? (isLevel(state?.subscription) ? state.subscription : 'normal');
    const change = async (next: Level) => {
      choose(next);
      try {
        await ask(sdk.api.PUT('/api/v1/notifications/subscriptions/{post_id}', { params: { path: { post_id: post.id } }, body: { level: next } }));
      } catch (error) {
        choose(level);
        sdk.toast(explain(error), { kind: 'problem' });
      }
    };
    return <Select bare label="Notifications of this post" value={level} options={kLevels} change={(next) => void change(next)} />;
  };
}
