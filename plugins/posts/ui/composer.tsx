import { ask, Button, Editor, Field, IconButton, localId, ProblemError, useSubmit } from '@stoa/sdk';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComposerMode, PostDraft } from './composer_state';
import type { Posts } from './context';
import { postUrl, type Post } from './types';

const kMostCategories = 5;
const kEmpty: PostDraft = { title: '', body: '', categories: [] };

interface ComposerFormProps {
  posts: Posts;
  mode: ComposerMode;
  done(): void;
}

function Categories({ posts, chosen, change, error }: { posts: Posts; chosen: number[]; change(ids: number[]): void; error: string | undefined }) {
  const toggle = (id: number) => change(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <fieldset class="stoa-posts-categories">
      <legend class="stoa-label">Categories</legend>
      {posts.categories.value.map(({ id, name, color }) => (
        <label key={id} class="stoa-posts-chip" style={{ '--stoa-category': color }}>
          <input type="checkbox" checked={chosen.includes(id)} disabled={!chosen.includes(id) && chosen.length >= kMostCategories} onChange={() => toggle(id)} />
          <span class="stoa-category">{name}</span>
        </label>
      ))}
      {error && <p class="stoa-field-error">{error}</p>}
    </fieldset>
  );
}

/** The form of a new post, or of an edited one. */
export function ComposerForm({ posts, mode, done }: ComposerFormProps) {
  const { sdk, composer } = posts;
  const editing = mode.kind === 'edit' ? mode.post : null;
  const [values, setValues] = useState<PostDraft>(() =>
    editing ? { title: editing.title, body: editing.body, categories: editing.categories.map(({ id }) => id) } : { ...kEmpty, ...composer.draft.read() },
  );
  const [revision, setRevision] = useState(editing?.revision);
  const [missing, setMissing] = useState(false);
  const id = useRef(localId());
  const { busy, problem, field, submit } = useSubmit(['title', 'body', 'category_ids']);
  useEffect(() => () => composer.draft.flush(), []);

  const set = (part: Partial<PostDraft>) => {
    const next = { ...values, ...part };
    setValues(next);
    if (!editing) composer.draft.write(next);
  };
  const save = async () => {
    const { title, body, categories } = values;
    setMissing(!categories.length);
    if (!categories.length) return;
    await submit(async () => {
      const content = { title: title.trim(), body, category_ids: categories };
      let post: Post;
      if (editing) {
        try {
          post = (await ask(sdk.api.PATCH('/api/v1/posts/{id}', { params: { path: { id: editing.id } }, body: { ...content, revision: revision ?? editing.revision } }))).data;
        } catch (error) {
          if (error instanceof ProblemError && error.status === 412) setRevision((error.problem as { current?: Post }).current?.revision ?? revision);
          throw error;
        }
        posts.thread(editing.id).post.value = post;
      } else {
        post = (await ask(sdk.api.POST('/api/v1/posts', { body: { ...content, local_id: id.current } }))).data;
        composer.draft.discard();
      }
      done();
      sdk.router.navigate(postUrl(post));
    });
  };
  const discard = () => {
    if (!editing) composer.draft.discard();
    done();
    if (sdk.router.place.peek().path === '/new') sdk.router.navigate('/');
  };
  const stale = editing !== null && revision !== editing.revision;
  return (
    <form class="stoa-form stoa-posts-form" onSubmit={(event) => (event.preventDefault(), void save())}>
      {stale ? (
        <p class="stoa-failure" role="alert">Somebody changed this post meanwhile. Saving again replaces their version.</p>
      ) : (
        problem && <p class="stoa-failure" role="alert">{problem}</p>
      )}
      <Field name="title" label="Title" value={values.title} required minLength={3} maxLength={255} error={field('title')} onInput={(event) => set({ title: event.currentTarget.value })} />
      <Categories posts={posts} chosen={values.categories} change={(categories) => set({ categories })} error={missing && !values.categories.length ? 'Choose at least one category.' : field('category_ids')} />
      <Editor sdk={sdk} label="Text" preview={posts.preview} value={values.body} change={(body) => set({ body })} send={() => void save()} rows={7} maxLength={32_000} placeholder="Write in Markdown; @ mentions somebody." invalid={Boolean(field('body'))} />
      {field('body') && <p class="stoa-field-error">{field('body')}</p>}
      <div class="stoa-form-end">
        <Button kind="primary" type="submit" busy={busy} disabled={!values.body.trim()}>{editing ? 'Save' : 'Post'}</Button>
        <Button kind="quiet" onClick={discard}>{editing ? 'Cancel' : 'Discard'}</Button>
        {!editing && <span class="stoa-hint">Drafts are kept in this browser.</span>}
      </div>
    </form>
  );
}

/** The composer at the bottom edge, which stays while pages change. */
export function docked(posts: Posts) {
  return function Docked() {
    const { mode, minimised } = posts.composer;
    if (!mode.value || !posts.user || posts.sdk.router.place.value.path === '/new') return null;
    const small = minimised.value;
    const title = mode.value.kind === 'edit' ? 'Edit the post' : 'Write a post';
    return (
      <section class="stoa-posts-dock" aria-label={title} data-small={small || undefined}>
        <header class="stoa-posts-dock-head">
          <h2>{title}</h2>
          <IconButton icon={small ? 'expand' : 'minimise'} label={small ? 'Show the composer' : 'Minimise the composer'} aria-expanded={!small} onClick={() => (minimised.value = !small)} />
          <IconButton icon="close" label="Close the composer" onClick={() => posts.composer.close()} />
        </header>
        <div hidden={small} class="stoa-posts-dock-body">
          <ComposerForm key={mode.value.kind === 'edit' ? mode.value.post.id : 'new'} posts={posts} mode={mode.value} done={() => posts.composer.close()} />
        </div>
      </section>
    );
  };
}
