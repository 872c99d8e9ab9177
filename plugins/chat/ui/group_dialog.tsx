import { ask, Button, Dialog, Field, useSubmit, type Sdk } from '@stoa/sdk';
import { useState } from 'preact/hooks';
import type { Conversation, People } from './people';

const kMostMembers = 20;

interface GroupDialogProps {
  sdk: Sdk;
  people: People;
  /** The group to change; a new one without it. */
  group?: Conversation;
  close(): void;
}

/** Who is in a group, and what it is called. */
export function GroupDialog({ sdk, people, group, close }: GroupDialogProps) {
  const [title, setTitle] = useState(group?.title ?? '');
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const { busy, problem, field, submit } = useSubmit(['title']);
  const there = new Set(group?.members.map(({ id }) => id));
  const others = (people.contacts.value ?? []).filter(({ user }) => !there.has(user.id));
  const toggle = (id: number) => setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  const change = async (path: { id: number }) => {
    if (title.trim() !== (group?.title ?? '')) await ask(sdk.api.PATCH('/api/v1/chat/conversations/{id}', { params: { path }, body: { title: title.trim() } }));
    for (const user_id of chosen) await ask(sdk.api.POST('/api/v1/chat/conversations/{id}/members', { params: { path }, body: { user_id } }));
  };
  const create = async () => {
    const { data } = await ask(sdk.api.POST('/api/v1/chat/conversations', { body: { member_ids: [...chosen], ...(title.trim() && { title: title.trim() }) } }));
    people.addGroup(data);
    sdk.router.navigate(`/messages/${data.id}`);
  };
  const send = async (event: Event) => {
    event.preventDefault();
    if (await submit(() => (group ? change({ id: group.id }) : create()))) close();
  };
  const leave = async () => {
    const me = sdk.session.user.peek()?.id;
    if (!group || !me) return;
    const left = await submit(async () => void (await ask(sdk.api.DELETE('/api/v1/chat/conversations/{id}/members/{user_id}', { params: { path: { id: group.id, user_id: me } } }))));
    if (!left) return;
    people.removeGroup(group.id);
    close();
    sdk.router.navigate('/messages');
  };
  return (
    <Dialog title={group ? 'This group' : 'New group'} close={close}>
      <form class="stoa-form" onSubmit={(event) => void send(event)}>
        {problem && <p class="stoa-failure" role="alert">{problem}</p>}
        <Field name="title" label="Name of the group" value={title} maxLength={100} error={field('title')} required onInput={(event) => setTitle(event.currentTarget.value)} />
        {group && <p class="stoa-hint">In it: {group.members.map(({ nickname }) => nickname).join(', ')}</p>}
        <fieldset class="stoa-chat-choice">
          <legend class="stoa-label">{group ? 'Add people' : 'People'}</legend>
          {others.map(({ user }) => (
            <label key={user.id} class="stoa-switch">
              <input type="checkbox" checked={chosen.includes(user.id)} disabled={!chosen.includes(user.id) && chosen.length + Math.max(1, there.size) >= kMostMembers} onChange={() => toggle(user.id)} />
              {user.nickname}
            </label>
          ))}
        </fieldset>
        <div class="stoa-form-end">
          <Button kind="primary" type="submit" busy={busy} disabled={!group && chosen.length === 0}>{group ? 'Save' : 'Create the group'}</Button>
          {group && <Button kind="danger" onClick={() => void leave()}>Leave the group</Button>}
        </div>
      </form>
    </Dialog>
  );
}
