import { ask, Avatar, Contributed, Empty, Failure, Heading, Outlet, ProblemError, Skeleton, TimeAgo, useLoaded, useOutlet, type PageProps, type Schemas, type Sdk } from '@stoa/sdk';
import { useState } from 'preact/hooks';

type PublicUser = Schemas['PublicUser'];

function Tabs({ user }: { user: PublicUser }) {
  const tabs = useOutlet('profile.tabs');
  const [chosen, choose] = useState<string>();
  const current = tabs.find(({ key }) => key === chosen) ?? tabs[0];
  if (!current) return null;
  return (
    <>
      {tabs.length > 1 && (
        <div class="stoa-form-end" role="group" aria-label="Shown">
          {tabs.map(({ key, title }) => (
            <button key={key} type="button" class="stoa-button" aria-pressed={key === current.key} onClick={() => choose(key)}>{title}</button>
          ))}
        </div>
      )}
      <section aria-label={current.title}>
        <h2 class="stoa-section-title">{current.title}</h2>
        <Contributed key={current.key} part={current} context={{ user }} />
      </section>
    </>
  );
}

export function profilePage(sdk: Sdk) {
  return function ProfilePage({ params }: PageProps) {
    const nickname = params.nickname ?? '';
    const own = sdk.session.user.value;
    const mine = own?.nickname.toLowerCase() === nickname.toLowerCase();
    const { value: user, error, reload } = useLoaded(`${nickname} ${mine ? own?.bio ?? '' : ''}`, async () => {
      const first = sdk.initial<PublicUser>('auth.profile');
      return first?.payload ?? (await ask(sdk.api.GET('/api/v1/users/{nickname}', { params: { path: { nickname } } }))).data;
    });
    if (error instanceof ProblemError && error.status === 404) {
      return (
        <>
          <Heading title="Nobody of this name" />
          <Empty icon="user" title={`There is no member called “${nickname}”.`} />
        </>
      );
    }
    if (error) return <Failure error={error} retry={reload} />;
    if (!user) return <Skeleton rows={3} />;
    return (
      <>
        <header class="stoa-auth-profile">
          <Avatar name={user.nickname} url={user.avatar_url} size="l" />
          <div class="stoa-auth-profile-text">
            <Heading title={user.nickname} />
            <p class="stoa-meta">
              {user.role !== 'member' && <span class="stoa-tag">{user.role}</span>}
              <span>Here since <TimeAgo time={user.created_at} /></span>
            </p>
            {user.bio && <p class="stoa-auth-bio">{user.bio}</p>}
          </div>
          <div class="stoa-auth-profile-actions">
            {mine ? <a class="stoa-button" href="/settings">Edit the profile</a> : <Outlet name="profile.actions" context={{ user }} />}
          </div>
        </header>
        <Tabs user={user} />
      </>
    );
  };
}
