import { Button, NavLink, type OutletContexts, type Schemas } from '@stoa/sdk';
import type { Posts } from './context';
import { FeedList, NoPosts } from './feed_list';

export function mainLinks(posts: Posts) {
  return function MainLinks({ place }: OutletContexts['nav.main']) {
    return (
      <>
        <NavLink href="/" icon="home" label={place === 'side' ? 'Latest posts' : 'Posts'} also={['/p/']} />
        <NavLink href="/search" icon="search" label="Search" />
        {place === 'bottom' && posts.user && <NavLink href="/new" icon="plus" label="Write" />}
      </>
    );
  };
}

export function categoryLinks(posts: Posts) {
  return function CategoryLinks() {
    const categories = posts.categories.value;
    const { path } = posts.sdk.router.place.value;
    if (!categories.length) return null;
    return (
      <div class="stoa-posts-side">
        <h2>Categories</h2>
        <ul>
          {categories.map(({ id, slug, name, color, post_count }) => (
            <li key={id}>
              <a class="stoa-nav-link" href={`/c/${slug}`} aria-current={path === `/c/${slug}` ? 'page' : undefined}>
                <span class="stoa-category-dot" style={{ '--stoa-category': color }} />
                <span class="stoa-nav-label">{name}</span>
                <span class="stoa-posts-number">{post_count}<span class="stoa-hidden"> posts</span></span>
              </a>
            </li>
          ))}
        </ul>
      </div>
    );
  };
}

export function writeButton(posts: Posts) {
  return function WriteButton() {
    if (!posts.user) return null;
    return (
      <span class="stoa-posts-write">
        <Button kind="primary" icon="plus" onClick={() => posts.composer.write()}>New post</Button>
      </span>
    );
  };
}

export function profileTab(posts: Posts) {
  return function ProfileTab({ user }: { user: Schemas['PublicUser'] }) {
    const query = { sort: 'new' as const, author: user.nickname };
    return <FeedList posts={posts} query={query} empty={<NoPosts posts={posts} query={query} />} />;
  };
}
