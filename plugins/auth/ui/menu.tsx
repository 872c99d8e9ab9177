import { ask, explain, Icon, type Sdk } from '@stoa/sdk';

async function logOut(sdk: Sdk): Promise<void> {
  try {
    await ask(sdk.api.POST('/api/v1/auth/logout'));
  } catch (error) {
    sdk.toast(explain(error), { kind: 'problem' });
    return;
  }
  sdk.session.signedOut();
  sdk.router.navigate(sdk.forum.private ? '/login' : '/');
  sdk.toast('You are logged out.');
}

export function userMenu(sdk: Sdk) {
  return function UserMenu() {
    const user = sdk.session.user.value;
    if (!user) return null;
    return (
      <>
        <a class="stoa-menu-item" href={`/u/${user.nickname}`}><Icon name="user" />Profile</a>
        <a class="stoa-menu-item" href="/settings"><Icon name="settings" />Settings</a>
        {user.role === 'admin' && <a class="stoa-menu-item" href="/admin"><Icon name="shield" />Administration</a>}
        <button type="button" class="stoa-menu-item" onClick={() => void logOut(sdk)}><Icon name="logout" />Log out</button>
      </>
    );
  };
}

export function guestLinks(sdk: Sdk) {
  return function GuestLinks() {
    const { path } = sdk.router.place.value;
    return (
      <div class="stoa-auth-guest">
        <a class="stoa-button" href="/login" aria-current={path === '/login' ? 'page' : undefined}>Log in</a>
        {!sdk.forum.private && <a class="stoa-button stoa-button-primary" href="/register">Register</a>}
      </div>
    );
  };
}

/** What strangers see beside the posts. */
export function welcome(sdk: Sdk) {
  return function Welcome() {
    const { path } = sdk.router.place.value;
    if (sdk.session.user.value || ['/login', '/register', '/setup'].includes(path)) return null;
    return (
      <section class="stoa-auth-welcome">
        <h2>Welcome to {sdk.forum.name}</h2>
        <p>Read as you like. Register to write, to vote and to talk to the people here.</p>
        <a class="stoa-button stoa-button-primary" href="/register">Join the conversation</a>
      </section>
    );
  };
}
