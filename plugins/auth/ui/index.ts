import type { Dispose, Sdk } from '@stoa/sdk';
import { adminUsers } from './admin_users';
import css from './auth.css';
import { loginPage } from './login';
import { guestLinks, userMenu, welcome } from './menu';
import { profilePage } from './profile';
import { profileSection } from './profile_section';
import { registerPage } from './register';
import { passwordSection, sessionsSection } from './security';
import { setupPage } from './setup';

export function activate(sdk: Sdk): Dispose {
  sdk.styles(css);
  sdk.page('/login', { component: loginPage(sdk) });
  sdk.page('/register', { component: registerPage(sdk) });
  sdk.page('/setup', { component: setupPage(sdk) });
  sdk.page('/u/:nickname', { component: profilePage(sdk) });
  sdk.outlet('user.guest', { component: guestLinks(sdk) });
  sdk.outlet('user.menu', { component: userMenu(sdk) });
  sdk.outlet('sidebar.right', { component: welcome(sdk), order: 10 });
  sdk.outlet('settings.sections', { component: profileSection(sdk), title: 'Profile', order: 10 });
  sdk.outlet('settings.sections', { component: passwordSection(sdk), title: 'Password', order: 80 });
  sdk.outlet('settings.sections', { component: sessionsSection(sdk), title: 'Where you are logged in', order: 90 });
  sdk.outlet('admin.sections', { component: adminUsers(sdk), title: 'Members', order: 10 });
  return followOwnProfile(sdk);
}

/** An edit of the profile in another tab shows in this one. */
function followOwnProfile(sdk: Sdk): Dispose {
  return sdk.realtime.follow({
    channels: ['presence'],
    event: ({ type, data }) => {
      const known = sdk.session.user.peek();
      const changed = data as Partial<NonNullable<typeof known>>;
      if (type === 'auth.user.updated' && known && changed.id === known.id) sdk.session.update({ ...known, ...changed });
    },
  });
}
