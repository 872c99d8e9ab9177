import { Heading } from '@stoa/sdk';
import { ComposerForm } from './composer';
import type { Posts } from './context';

/** The composer as a page of its own. */
export function newPage(posts: Posts) {
  return function NewPage() {
    return (
      <>
        <Heading title="Write a post" />
        <ComposerForm posts={posts} mode={{ kind: 'new' }} done={() => posts.composer.close()} />
      </>
    );
  };
}
