import type { ForumInfo } from '@stoa/sdk';
import { useEffect } from 'preact/hooks';
import { Heading } from '../components/heading';
import { Empty } from '../components/states';
import { router } from '../router/router';

/** Sends a stranger to the login page, which leads back here. */
export function MembersOnly({ forum }: { forum: ForumInfo }) {
  const canLogIn = router.knows('/login');
  useEffect(() => {
    if (!canLogIn) return;
    const { path, query } = router.place.peek();
    const back = path + (query.size ? `?${query.toString()}` : '');
    router.navigate(back === '/' ? '/login' : `/login?next=${encodeURIComponent(back)}`, { replace: true });
  }, [canLogIn]);
  if (canLogIn) return null;
  return (
    <>
      <Heading title={forum.name} />
      <Empty icon="lock" title="This page is for members, and nobody can log in at the moment." />
    </>
  );
}
