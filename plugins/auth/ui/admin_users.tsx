import { ask, Avatar, Button, explain, Failure, Field, Select, Skeleton, TimeAgo, type Schemas, type Sdk } from '@stoa/sdk';
import { useEffect, useState } from 'preact/hooks';

type AdminUser = Schemas['AdminUser'];
type Role = AdminUser['role'];

const kRoles: { value: Role; label: string }[] = [
  { value: 'member', label: 'Member' },
  { value: 'moderator', label: 'Moderator' },
  { value: 'admin', label: 'Administrator' },
];
const kWeekMs = 7 * 86_400_000;

interface Loaded {
  items: AdminUser[];
  next: string | null;
}

function UserRow({ sdk, user, changed }: { sdk: Sdk; user: AdminUser; changed(user: AdminUser): void }) {
  const suspended = user.suspended_until && new Date(user.suspended_until) > new Date();
  const patch = async (body: { role?: Role; suspended_until?: string | null; suspension_reason?: string | null }) => {
    try {
      changed((await ask(sdk.api.PATCH('/api/v1/admin/users/{id}', { params: { path: { id: user.id } }, body }))).data);
    } catch (error) {
      sdk.toast(explain(error), { kind: 'problem' });
      changed({ ...user });
    }
  };
  const self = sdk.session.user.value?.id === user.id;
  return (
    <li class="stoa-row">
      <Avatar name={user.nickname} url={user.avatar_url} />
      <div class="stoa-row-main">
        <a class="stoa-row-title" href={`/u/${user.nickname}`}>{user.nickname}</a>
        <span class="stoa-row-sub">{user.email} · since <TimeAgo time={user.created_at} /></span>
        {suspended && <span class="stoa-field-error">Suspended{user.suspension_reason ? `: ${user.suspension_reason}` : ''}</span>}
      </div>
      {!self && (
        <>
          <Select bare label={`Role of ${user.nickname}`} value={user.role} options={kRoles} change={(role) => void patch({ role })} />
          {suspended ? (
            <Button onClick={() => void patch({ suspended_until: null })}>Let back in</Button>
          ) : (
            <Button kind="danger" onClick={() => void patch({ suspended_until: new Date(Date.now() + kWeekMs).toISOString(), suspension_reason: 'By the administration' })}>Suspend for a week</Button>
          )}
        </>
      )}
    </li>
  );
}

export function adminUsers(sdk: Sdk) {
  return function AdminUsers() {
    const [q, setQ] = useState('');
    const [list, setList] = useState<Loaded>();
    const [error, setError] = useState<unknown>();
    const load = async (cursor?: string) => {
      const query = { ...(q && { q }), ...(cursor && { cursor }), limit: 20 };
      return (await ask(sdk.api.GET('/api/v1/admin/users', { params: { query } }))).data;
    };
    useEffect(() => {
      let current = true;
      const timer = setTimeout(() => void load().then((page) => current && (setError(undefined), setList(page)), (problem: unknown) => current && setError(problem)), q ? 250 : 0);
      return () => {
        current = false;
        clearTimeout(timer);
      };
    }, [q]);
    const changed = (user: AdminUser) => list && setList({ ...list, items: list.items.map((one) => (one.id === user.id ? user : one)) });
    const more = async () => {
      if (!list?.next) return;
      const page = await load(list.next);
      setList({ items: [...list.items, ...page.items], next: page.next });
    };
    return (
      <>
        <Field name="q" type="search" label="Find by nickname" value={q} onInput={(event) => setQ(event.currentTarget.value)} />
        {error ? <Failure error={error} /> : !list ? <Skeleton rows={4} /> : (
          <ul class="stoa-rows">{list.items.map((user) => <UserRow key={user.id} sdk={sdk} user={user} changed={changed} />)}</ul>
        )}
        {list?.next && <div class="stoa-more"><Button onClick={() => void more()}>Show more</Button></div>}
      </>
    );
  };
}
