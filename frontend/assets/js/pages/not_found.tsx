import { Heading } from '../components/heading';
import { Empty } from '../components/states';
import { router } from '../router/router';

export function NotFound() {
  if (router.place.value.path === '/') {
    return (
      <>
        <Heading title="Welcome" />
        <Empty icon="home" title="This forum has no front page at the moment." />
      </>
    );
  }
  return (
    <>
      <Heading title="Page not found" />
      <Empty icon="search" title="There is nothing at this address.">
        <p>It may have been moved or deleted, or the part of the forum it belongs to is switched off.</p>
        <a class="stoa-button stoa-button-primary" href="/">Go to the front page</a>
      </Empty>
    </>
  );
}
