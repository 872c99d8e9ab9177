import { ago, Avatar, Button, Empty, Failure, Heading, Icon, NavLink, Skeleton, type OutletContexts, type Schemas, type Sdk } from '@stoa/sdk';
import { useState } from 'preact/hooks';
import { GroupDialog } from './group_dialog';
import type { Contact, Conversation, Message, People } from './people';

interface Shown {
  sdk: Sdk;
  people: People;
}

function excerpt(message: Message | null | undefined, me: number | undefined): string {
  if (!message) return '';
  if (message.deleted) return 'Deleted message';
  return message.sender?.id === me ? `You: ${message.body}` : message.body;
}

function Entry({ name, avatar, status, last, unread, current, press }: { name: string; avatar: string | null | undefined; status?: Contact['status']; last: string; unread: number; current: boolean; press(): void }) {
  return (
    <li>
      <button type="button" class="stoa-chat-person" aria-current={current ? 'true' : undefined} onClick={press}>
        <span class="stoa-chat-face" data-status={status}><Avatar name={name} url={avatar} /></span>
        <span class="stoa-chat-person-text">
          <span class="stoa-chat-name">
            {name}
            {status && <span class="stoa-hidden">, {status}</span>}
          </span>
          <span class="stoa-chat-last">{last || status}</span>
        </span>
        {unread > 0 && <span class="stoa-count">{unread}<span class="stoa-hidden"> unread</span></span>}
      </button>
    </li>
  );
}

function PeopleList({ sdk, people }: Shown) {
  const [filter, setFilter] = useState('');
  const me = sdk.session.user.value?.id;
  const open = people.open.value;
  const contacts = people.contacts.value;
  if (people.error.value) return <Failure error={people.error.value} retry={() => void people.load()} />;
  if (!contacts) return <Skeleton rows={5} />;
  if (!contacts.length) return <Empty icon="users" title="Nobody else is here yet.">People appear here as soon as they register.</Empty>;
  const wanted = contacts.filter(({ user }) => user.nickname.toLowerCase().includes(filter.toLowerCase()));
  return (
    <>
      {contacts.length > 8 && (
        <input class="stoa-input stoa-chat-filter" type="search" aria-label="Filter people" placeholder="Filter people" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
      )}
      <ul class="stoa-chat-people">
        {people.groups.value.map((group) => (
          <Entry key={`group${group.id}`} name={nameOf(group, me)} avatar={null} last={excerpt(group.last_message, me)} unread={group.unread ?? 0} current={group.id === open} press={() => sdk.router.navigate(`/messages/${group.id}`)} />
        ))}
        {wanted.map((contact) => (
          <Entry key={contact.user.id} name={contact.user.nickname} avatar={contact.user.avatar_url} status={contact.status} last={excerpt(contact.last_message, me)} unread={contact.unread} current={contact.conversation_id !== null && contact.conversation_id === open} press={() => void people.talkTo(contact.user.id)} />
        ))}
      </ul>
      {people.next.value && <div class="stoa-more"><Button onClick={() => void people.more()}>Show more</Button></div>}
    </>
  );
}

/** What a conversation is called: its title, or those in it. */
export function nameOf(conversation: Conversation, me: number | undefined): string {
  return conversation.title || conversation.members.filter(({ id }) => id !== me).map(({ nickname }) => nickname).join(', ') || 'Only you';
}

export function peoplePanel(shown: Shown) {
  return function PeoplePanel() {
    if (!shown.sdk.session.user.value) return null;
    const online = shown.people.contacts.value?.filter((contact) => contact.status !== 'offline').length ?? 0;
    return (
      <section aria-label="People">
        <header class="stoa-chat-head">
          <h2>People</h2>
          <span class="stoa-hint">{online} here</span>
        </header>
        <PeopleList {...shown} />
      </section>
    );
  };
}

export function messagesPage(shown: Shown) {
  return function MessagesPage() {
    const [grouping, group] = useState(false);
    return (
      <>
        <div class="stoa-chat-head">
          <Heading title="Messages" />
          <Button icon="users" onClick={() => group(true)}>New group</Button>
        </div>
        <div class="stoa-chat-narrow"><PeopleList {...shown} /></div>
        <div class="stoa-chat-wide">
          <Recent {...shown} />
        </div>
        {grouping && <GroupDialog {...shown} close={() => group(false)} />}
      </>
    );
  };
}

/** On a desk the panel has the people; here is what was said last. */
function Recent({ sdk, people }: Shown) {
  const me = sdk.session.user.value?.id;
  const groups = people.groups.value.map((group) => ({ key: `group${group.id}`, id: group.id, name: nameOf(group, me), avatar: null, message: group.last_message, unread: group.unread ?? 0 }));
  const pairs = (people.contacts.value ?? []).map(({ user, conversation_id, last_message, unread }) => ({ key: `user${user.id}`, id: conversation_id, name: user.nickname, avatar: user.avatar_url, message: last_message, unread }));
  const spoken = [...groups, ...pairs].filter(({ id, message }) => id !== null && message).sort((a, b) => (b.message?.id ?? 0) - (a.message?.id ?? 0));
  if (!people.contacts.value) return <Skeleton rows={4} />;
  if (!spoken.length) return <Empty icon="chat" title="No messages yet."><p>Choose somebody in the people panel to begin a conversation.</p></Empty>;
  return (
    <ul class="stoa-rows">
      {spoken.map(({ key, id, name, avatar, message, unread }) => (
        <li key={key} class="stoa-row">
          <Avatar name={name} url={avatar} />
          <div class="stoa-row-main">
            <a class="stoa-row-title" href={`/messages/${id}`}>{name}</a>
            <span class="stoa-row-sub stoa-chat-last">{excerpt(message, me)}</span>
          </div>
          {message && <span class="stoa-row-sub">{ago(message.created_at)}</span>}
          {unread > 0 && <span class="stoa-count">{unread}<span class="stoa-hidden"> unread</span></span>}
        </li>
      ))}
    </ul>
  );
}

export function messagesLink({ sdk, people }: Shown) {
  return function MessagesLink({ place }: OutletContexts['nav.main']) {
    if (!sdk.session.user.value) return null;
    return <NavLink href="/messages" icon="chat" label={place === 'side' ? 'Messages' : 'People'} count={people.unread.value} also={['/messages/']} />;
  };
}

export function messageButton({ sdk, people }: Shown) {
  return function MessageButton({ user }: { user: Schemas['PublicUser'] }) {
    if (!sdk.session.user.value) return null;
    return (
      <button type="button" class="stoa-button" onClick={() => void people.talkTo(user.id)}>
        <Icon name="chat" />
        Message
      </button>
    );
  };
}
