import { Draft, IconButton, useSubmit } from '@stoa/sdk';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { OpenConversation } from './conversation';
import type { Message } from './people';

interface MessageFormProps {
  conversation: OpenConversation;
  name: string;
  editing: Message | null;
  done(): void;
}

/** Where a message is written: Enter sends, Shift+Enter begins a line. */
export function MessageForm({ conversation, name, editing, done }: MessageFormProps) {
  const draft = useMemo(() => new Draft<string>(`message.${conversation.id}`), []);
  const [body, setBody] = useState(() => draft.read() ?? '');
  const area = useRef<HTMLTextAreaElement>(null);
  const { busy, problem, submit } = useSubmit();
  useEffect(() => () => draft.flush(), []);
  useEffect(() => {
    setBody(editing ? editing.body : (draft.read() ?? ''));
    if (editing) area.current?.focus();
  }, [editing]);
  const type = (value: string) => {
    setBody(value);
    if (editing) return;
    draft.write(value);
    conversation.typing(value.trim() !== '');
  };
  const send = async () => {
    const text = body.trim();
    if (!text) return;
    if (editing) {
      if (await submit(() => conversation.edit(editing, text))) done();
      return;
    }
    conversation.send(text);
    draft.discard();
    setBody('');
  };
  const keyed = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && editing) return done();
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <form class="stoa-chat-form" onSubmit={(event) => (event.preventDefault(), void send())}>
      {editing && <p class="stoa-chat-editing">Editing a message. <button type="button" class="stoa-button stoa-button-quiet" onClick={done}>Cancel</button></p>}
      {problem && <p class="stoa-field-error" role="alert">{problem}</p>}
      <div class="stoa-chat-line">
        <textarea
          ref={area}
          class="stoa-input"
          rows={1}
          maxLength={6000}
          aria-label={`Message to ${name}`}
          placeholder={`Message to ${name}`}
          value={body}
          onInput={(event) => type(event.currentTarget.value)}
          onKeyDown={keyed}
          onBlur={() => conversation.typing(false)}
        />
        <IconButton type="submit" icon={editing ? 'check' : 'send'} label={editing ? 'Save' : 'Send'} disabled={busy || !body.trim()} />
      </div>
    </form>
  );
}
