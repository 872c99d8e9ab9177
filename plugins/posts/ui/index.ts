import type { Dispose, Sdk } from '@stoa/sdk';
import { docked } from './composer';
import { Posts } from './context';
import { feedPage } from './feed_page';
import { categoryLinks, mainLinks, profileTab, writeButton } from './navigation';
import { newPage } from './new_page';
import { postPage } from './post_page';
import css from './posts.css';
import { searchPage, topSearch } from './search';
import { addShortcuts } from './shortcuts';
import type { Summary } from './types';

export function activate(sdk: Sdk): Dispose {
  const posts = new Posts(sdk);
  sdk.styles(css);
  const feed = feedPage(posts);
  sdk.page('/', { component: feed });
  sdk.page('/c/:slug', { component: feed });
  sdk.page('/p/:id/:slug?', { component: postPage(posts) });
  sdk.page('/new', { component: newPage(posts), members: true });
  sdk.page('/search', { component: searchPage(sdk) });
  sdk.outlet('nav.main', { component: mainLinks(posts), order: 10 });
  sdk.outlet('sidebar.left', { component: categoryLinks(posts), order: 10 });
  sdk.outlet('top.search', { component: topSearch(sdk) });
  sdk.outlet('top.actions', { component: writeButton(posts), order: 10 });
  sdk.outlet('profile.tabs', { component: profileTab(posts), title: 'Posts', order: 10 });
  sdk.outlet('dock', { component: docked(posts), order: 10 });
  addShortcuts(posts);
  const stops = [followSession(posts), followCounts(posts)];
  return () => stops.forEach((stop) => stop());
}

const kRecountMs = 1_000;
const kSpreadMs = 4_000;

/** Keeps the number of posts in each category true; not everybody asks at once. */
function followCounts(posts: Posts): Dispose {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const recount = () => {
    timer = undefined;
    void posts.loadCategories();
  };
  const stop = posts.sdk.realtime.follow({
    channels: ['posts'],
    event: ({ type, data }) => {
      if (type !== 'posts.post.created' && type !== 'posts.post.deleted') return;
      const mine = (data as Partial<Summary>).author?.id === posts.user?.id;
      timer ??= setTimeout(recount, mine ? 0 : kRecountMs + Math.random() * kSpreadMs);
    },
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}

/** Another user sees other posts, and votes of their own. */
function followSession(posts: Posts): Dispose {
  const { session, forum } = posts.sdk;
  let known: number | undefined;
  let first = true;
  const stop = session.user.subscribe((user) => {
    if (!first && user?.id === known) return;
    if (!first) posts.forget();
    first = false;
    known = user?.id;
    if (user || !forum.private) void posts.loadCategories();
  });
  return () => {
    stop();
    posts.forget();
  };
}
