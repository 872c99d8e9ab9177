import { computed, signal } from '@preact/signals';
import { ask, explain, type Dispose, type RealtimeEphemeral, type RealtimeEvent, type Schemas, type Sdk } from '@stoa/sdk';

export type Contact = Schemas['Contact'];
export type Message = Schemas['Message'];
export type Conversation = Schemas['Conversation'];
type Status = Contact['status'];

const kPage = 100;

/** By last message, newest first; those without one by name. */
export function byLastMessage(a: Contact, b: Contact): number {
  const [first, second] = [a.last_message, b.last_message];
  if (first && second) return second.id - first.id;
  if (first || second) return first ? -1 : 1;
  return a.user.nickname.localeCompare(b.user.nickname, undefined, { sensitivity: 'base' });
}

/** Everybody one can talk to: who is here, what was said last, what is unread. */
export class People {
  readonly contacts = signal<readonly Contact[] | null>(null);
  readonly groups = signal<readonly Conversation[]>([]);
  readonly error = signal<unknown>(null);
  readonly next = signal<string | null>(null);
  /** The conversation on screen, whose messages count as read. */
  readonly open = signal<number | null>(null);
  readonly unread = computed(() => [...(this.contacts.value ?? []), ...this.groups.value].reduce((sum, one) => sum + (one.unread ?? 0), 0));
  private follow: Dispose = () => undefined;
  private me = 0;

  constructor(private readonly sdk: Sdk) {}

  /** Begins anew for the user, or for nobody. */
  async start(me: number | null): Promise<void> {
    this.follow();
    this.follow = () => undefined;
    this.contacts.value = null;
    this.groups.value = [];
    this.me = me ?? 0;
    if (me !== null) await this.load();
  }

  async load(): Promise<void> {
    const me = this.me;
    this.error.value = null;
    try {
      const [people, conversations] = await Promise.all([
        ask(this.sdk.api.GET('/api/v1/chat/contacts', { params: { query: { limit: kPage } } })),
        ask(this.sdk.api.GET('/api/v1/chat/conversations', { params: { query: { limit: kPage } } })),
      ]);
      if (me !== this.me) return;
      this.contacts.value = [...people.data.items].sort(byLastMessage);
      this.groups.value = conversations.data.items.filter(isGroup);
      this.next.value = people.data.next;
      this.follow();
      this.follow = this.sdk.realtime.follow({
        channels: ['presence', `user:${me}`],
        since: people.seq,
        event: (event) => this.apply(event),
        ephemeral: (message) => this.presence(message),
        resync: () => void this.load(),
      });
    } catch (error) {
      this.error.value = error;
    }
  }

  async more(): Promise<void> {
    const cursor = this.next.peek();
    if (!cursor) return;
    try {
      const { data } = await ask(this.sdk.api.GET('/api/v1/chat/contacts', { params: { query: { limit: kPage, cursor } } }));
      const known = this.contacts.peek() ?? [];
      this.contacts.value = [...known, ...data.items.filter(({ user }) => !known.some((one) => one.user.id === user.id))].sort(byLastMessage);
      this.next.value = data.next;
    } catch (error) {
      this.sdk.toast(explain(error), { kind: 'problem' });
    }
  }

  /** Opens the conversation with somebody, making it if need be. */
  async talkTo(userId: number): Promise<void> {
    let id = this.contacts.peek()?.find(({ user }) => user.id === userId)?.conversation_id ?? null;
    try {
      id ??= (await ask(this.sdk.api.POST('/api/v1/chat/conversations', { body: { member_ids: [userId] } }))).data.id;
    } catch (error) {
      this.sdk.toast(explain(error), { kind: 'problem' });
      return;
    }
    this.patch(({ user }) => user.id === userId, (contact) => ({ ...contact, conversation_id: id }));
    this.sdk.router.navigate(`/messages/${id}`);
  }

  markRead(conversationId: number): void {
    this.patch((contact) => contact.conversation_id === conversationId, (contact) => ({ ...contact, unread: 0 }));
    this.groups.value = this.groups.peek().map((group) => (group.id === conversationId ? { ...group, unread: 0 } : group));
  }

  addGroup(group: Conversation): void {
    if (!isGroup(group)) return;
    this.groups.value = [group, ...this.groups.peek().filter(({ id }) => id !== group.id)];
  }

  removeGroup(id: number): void {
    this.groups.value = this.groups.peek().filter((group) => group.id !== id);
  }

  stop(): void {
    this.follow();
  }

  private patch(which: (contact: Contact) => boolean, change: (contact: Contact) => Contact): boolean {
    const contacts = this.contacts.peek();
    if (!contacts?.some(which)) return false;
    this.contacts.value = contacts.map((contact) => (which(contact) ? change(contact) : contact)).sort(byLastMessage);
    return true;
  }

  private apply({ type, data }: RealtimeEvent): void {
    switch (type) {
      case 'chat.message.created':
        return this.said(data as Message);
      case 'chat.message.updated':
        return this.changed(data as Message);
      case 'chat.message.deleted':
        return this.changed({ ...(data as Message), deleted: true, body: '' });
      case 'chat.conversation.created':
      case 'chat.conversation.updated':
        return this.conversation(data as Conversation);
      case 'auth.user.created':
        return this.joined(data as Schemas['PublicUser']);
      case 'auth.user.updated': {
        const user = data as Schemas['PublicUser'];
        this.patch((contact) => contact.user.id === user.id, (contact) => ({ ...contact, user }));
      }
    }
  }

  private presence({ type, data }: RealtimeEphemeral): void {
    if (type !== 'presence.changed') return;
    const statuses = new Map((data as { changes: { user_id: number; status: Status }[] }).changes.map(({ user_id, status }) => [user_id, status]));
    this.patch(({ user }) => statuses.has(user.id), (contact) => {
      const status = statuses.get(contact.user.id) ?? contact.status;
      return { ...contact, status, online: status !== 'offline' };
    });
  }

  private said(message: Message): void {
    if (!message.sender) return;
    const { conversation_id: id } = message;
    const counts = message.sender.id !== this.me && !(this.open.peek() === id && document.visibilityState === 'visible') ? 1 : 0;
    const group = this.groups.peek().find((one) => one.id === id);
    if (group) {
      this.groups.value = [{ ...group, last_message: message, unread: (group.unread ?? 0) + counts }, ...this.groups.peek().filter((one) => one !== group)];
      return;
    }
    const update = (contact: Contact) => ({ ...contact, conversation_id: id, last_message: message, unread: contact.unread + counts });
    if (this.patch((contact) => contact.conversation_id === id, update)) return;
    void this.place(id, update);
  }

  /** A first message in a conversation not heard of yet: whose is it? */
  private async place(id: number, update: (contact: Contact) => Contact): Promise<void> {
    try {
      const { data } = await ask(this.sdk.api.GET('/api/v1/chat/conversations/{id}', { params: { path: { id } } }));
      this.conversation(data);
      const other = data.members.find((member) => member.id !== this.me);
      if (!isGroup(data)) this.patch(({ user }) => user.id === other?.id, update);
    } catch {
      // Not a member any more.
    }
  }

  private changed(message: Message): void {
    this.patch(({ last_message }) => last_message?.id === message.id, (contact) => ({ ...contact, last_message: { ...(contact.last_message as Message), ...message } }));
  }

  private conversation(conversation: Conversation): void {
    if (!conversation.members) return;
    if (!conversation.members.some(({ id }) => id === this.me)) return this.removeGroup(conversation.id);
    if (isGroup(conversation)) {
      const known = this.groups.peek().find(({ id }) => id === conversation.id);
      if (!known) this.addGroup(conversation);
      else this.groups.value = this.groups.peek().map((group) => (group === known ? { ...conversation, unread: known.unread ?? 0, last_message: conversation.last_message ?? known.last_message ?? null } : group));
      return;
    }
    const other = conversation.members.find(({ id }) => id !== this.me);
    this.patch(({ user }) => user.id === other?.id, (contact) => ({ ...contact, conversation_id: conversation.id }));
  }

  private joined(user: Schemas['PublicUser']): void {
    const contacts = this.contacts.peek();
    if (!contacts || user.id === this.me || contacts.some((contact) => contact.user.id === user.id)) return;
    this.contacts.value = [...contacts, { user, online: false, status: 'offline' as const, conversation_id: null, last_message: null, unread: 0 }].sort(byLastMessage);
  }
}

export function isGroup(conversation: Conversation): boolean {
  return conversation.kind === 'group';
}
