import { Button, dayOf, Empty, Failure, Heading, Icon, IconButton, ProblemError, Skeleton, type PageProps, type Sdk } from '@stoa/sdk';
import { Fragment } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { OpenConversation } from './conversation';
import { GroupDialog } from './group_dialog';
import { MessageForm } from './message_form';
import { DayRow, MessageRow, PendingRow } from './message';
import { isGroup, type Conversation, type Message, type People } from './people';
import { nameOf } from './people_panel';

interface Shown {
  sdk: Sdk;
  people: People;
}

const kNearTop = 80;
const kNearBottom = 60;

function Typing({ conversation }: { conversation: OpenConversation }) {
  const names = conversation.typists.value.map(({ nickname }) => nickname);
  const text = names.length > 2 ? 'Several people are typing' : names.length === 2 ? `${names.join(' and ')} are typing` : `${names[0] ?? ''} is typing`;
  return (
    <p class="stoa-chat-typing" data-shown={names.length > 0 || undefined} aria-live="polite">
      {names.length > 0 && <>{text}<span class="stoa-chat-dots" aria-hidden="true"><i /><i /><i /></span></>}
    </p>
  );
}

function beginsDay(before: Message | undefined, { created_at }: Message): boolean {
  return !before || dayOf(new Date(before.created_at)) !== dayOf(new Date(created_at));
}

function Messages({ sdk, conversation, edit }: { sdk: Sdk; conversation: OpenConversation; edit(message: Message): void }) {
  const box = useRef<HTMLDivElement>(null);
  const place = useRef({ height: 0, first: 0, atEnd: true });
  const [below, setBelow] = useState(false);
  const me = sdk.session.user.value;
  const messages = conversation.messages.value ?? [];
  const pending = conversation.pending.value;
  const first = messages[0]?.id ?? 0;
  const last = messages.at(-1)?.id ?? 0;
  const lastIsMine = messages.at(-1)?.sender.id === me?.id;

  // Older messages push what is read down by exactly their height; newer ones are followed only at the end.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const before = place.current;
    if (before.first && first < before.first) element.scrollTop += element.scrollHeight - before.height;
    else if (before.atEnd || !before.first || (lastIsMine && pending.length === 0)) element.scrollTop = element.scrollHeight;
    else setBelow(true);
    place.current = { ...before, height: element.scrollHeight, first };
  }, [first, last, pending.length]);
  useEffect(() => {
    const seen = () => place.current.atEnd && conversation.read();
    seen();
    document.addEventListener('visibilitychange', seen);
    return () => document.removeEventListener('visibilitychange', seen);
  }, [conversation, last]);

  const toEnd = () => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  const scrolled = () => {
    const element = box.current;
    if (!element) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < kNearBottom;
    place.current = { ...place.current, height: element.scrollHeight, atEnd };
    if (atEnd) {
      setBelow(false);
      conversation.read();
    }
    if (element.scrollTop < kNearTop) void conversation.loadOlder();
  };
  return (
    <div class="stoa-chat-box">
      <div class="stoa-chat-log" ref={box} onScroll={scrolled} role="log" aria-label="Messages" tabIndex={0}>
        {conversation.older.value ? (
          <div class="stoa-more"><Button busy={conversation.loadingOlder.value} onClick={() => void conversation.loadOlder()}>Show older messages</Button></div>
        ) : (
          <p class="stoa-chat-start">{messages.length ? 'This is the beginning of the conversation.' : 'Nothing said yet. Say hello.'}</p>
        )}
        <ol class="stoa-chat-messages">
          {messages.map((message, index) => (
            <Fragment key={message.id}>
              {beginsDay(messages[index - 1], message) && <DayRow time={message.created_at} />}
              <MessageRow conversation={conversation} message={message} mine={message.sender.id === me?.id} edit={() => edit(message)} />
            </Fragment>
          ))}
          {pending.map((one) => <PendingRow key={one.localId} conversation={conversation} pending={one} nickname={me?.nickname ?? ''} />)}
        </ol>
      </div>
      {below && <div class="stoa-chat-below"><Button kind="primary" onClick={toEnd}>New messages</Button></div>}
    </div>
  );
}

function Head({ sdk, people, info }: Shown & { info: Conversation }) {
  const [shown, show] = useState(false);
  const me = sdk.session.user.value?.id;
  const name = nameOf(info, me);
  const other = info.members.find(({ id }) => id !== me);
  const status = people.contacts.value?.find(({ user }) => user.id === other?.id)?.status;
  return (
    <header class="stoa-chat-top">
      <a class="stoa-icon-button stoa-chat-back" href="/messages" aria-label="All messages" title="All messages"><Icon name="back" /></a>
      <Heading title={name} />
      {isGroup(info) ? <IconButton icon="users" label="This group" onClick={() => show(true)} /> : status && <span class="stoa-chat-status" data-status={status}>{status}</span>}
      {shown && <GroupDialog sdk={sdk} people={people} group={info} close={() => show(false)} />}
    </header>
  );
}

function Opened({ sdk, people, id }: Shown & { id: number }) {
  const [conversation, setConversation] = useState<OpenConversation | null>(null);
  const [editing, setEditing] = useState<Message | null>(null);
  useEffect(() => {
    const opened = new OpenConversation(sdk, people, id);
    setConversation(opened);
    people.open.value = id;
    return () => {
      people.open.value = null;
      opened.stop();
    };
  }, [id]);
  const error = conversation?.error.value;
  if (error instanceof ProblemError && error.status === 404) {
    return (
      <>
        <Heading title="No such conversation" />
        <Empty icon="chat" title="This conversation does not exist, or you are not in it."><a class="stoa-button" href="/messages">To your messages</a></Empty>
      </>
    );
  }
  if (error) return <Failure error={error} retry={() => void conversation?.load()} />;
  const info = conversation?.info.value;
  if (!conversation || !info || !conversation.messages.value) return <Skeleton rows={5} />;
  return (
    <div class="stoa-chat-page">
      <Head sdk={sdk} people={people} info={info} />
      <Messages sdk={sdk} conversation={conversation} edit={setEditing} />
      <Typing conversation={conversation} />
      <MessageForm conversation={conversation} name={nameOf(info, sdk.session.user.value?.id)} editing={editing} done={() => setEditing(null)} />
    </div>
  );
}

export function conversationPage(shown: Shown) {
  return function ConversationPage({ params }: PageProps) {
    return <Opened {...shown} id={Number(params.id)} key={params.id} />;
  };
}
