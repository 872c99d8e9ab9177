import { signal } from '@preact/signals';
import { Draft } from '@stoa/sdk';
import type { Post } from './types';

export interface PostDraft {
  title: string;
  body: string;
  categories: number[];
}

export type ComposerMode = { kind: 'new' } | { kind: 'edit'; post: Post };

/** Whether a post is being written, and which. Outlives the pages. */
export class Composer {
  readonly mode = signal<ComposerMode | null>(null);
  readonly minimised = signal(false);
  readonly draft = new Draft<PostDraft>('post');

  write(): void {
    this.mode.value = { kind: 'new' };
    this.minimised.value = false;
  }

  edit(post: Post): void {
    this.mode.value = { kind: 'edit', post };
    this.minimised.value = false;
  }

  close(): void {
    this.mode.value = null;
  }
}
