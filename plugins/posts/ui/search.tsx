import { ask, Button, Empty, explain, Failure, Heading, Icon, Link, Skeleton, TimeAgo, type PageProps, type Schemas, type Sdk } from '@stoa/sdk';
import { useEffect, useId, useState } from 'preact/hooks';
import { postUrl } from './types';

type Hit = Schemas['SearchHit'];

interface Results {
  items: Hit[];
  next: string | null;
}

const kTypes = [
  { value: '', label: 'All' },
  { value: 'posts', label: 'Posts' },
  { value: 'comments', label: 'Comments' },
];

/** The snippet is plain text; what matched stands between ⟦ and ⟧. */
function Snippet({ text }: { text: string }) {
  return <p class="stoa-card-excerpt">{text.split(/[⟦⟧]/).map((part, index) => (index % 2 ? <mark key={index}>{part}</mark> : part))}</p>;
}

function Row({ hit }: { hit: Hit }) {
  const url = postUrl({ id: hit.post_id, slug: hit.post_slug }) + (hit.kind === 'comment' ? `#comment-${hit.id}` : '');
  return (
    <li class="stoa-posts-hit">
      <h2 class="stoa-card-title"><a href={url}>{hit.title}</a></h2>
      <Snippet text={hit.snippet} />
      <p class="stoa-meta">
        <span>{hit.kind === 'comment' ? 'Comment by' : 'Post by'} <Link href={`/u/${hit.author.nickname}`}>{hit.author.nickname}</Link></span>
        <TimeAgo time={hit.created_at} />
      </p>
    </li>
  );
}

export function searchPage(sdk: Sdk) {
  return function SearchPage({ query }: PageProps) {
    const q = query.get('q')?.trim() ?? '';
    const kind = query.get('type') ?? '';
    const [results, setResults] = useState<Results>();
    const [error, setError] = useState<unknown>();
    const load = async (cursor?: string) => {
      const type = kind === 'posts' || kind === 'comments' ? { type: kind as 'posts' | 'comments' } : {};
      return (await ask(sdk.api.GET('/api/v1/search', { params: { query: { q, ...type, ...(cursor && { cursor }) } } }))).data;
    };
    useEffect(() => {
      let current = true;
      setResults(undefined);
      setError(undefined);
      if (q) load().then((page) => current && setResults(page), (problem: unknown) => current && setError(problem));
      return () => {
        current = false;
      };
    }, [q, kind]);
    const more = async () => {
      if (!results?.next) return;
      try {
        const page = await load(results.next);
        setResults({ items: [...results.items, ...page.items], next: page.next });
      } catch (problem) {
        sdk.toast(explain(problem), { kind: 'problem' });
      }
    };
    return (
      <>
        <Heading title={q ? `Search: ${q}` : 'Search'} />
        <SearchForm sdk={sdk} q={q} />
        {q && (
          <div class="stoa-posts-tabs stoa-posts-filters" role="group" aria-label="Show">
            {kTypes.map(({ value, label }) => (
              <a key={value} href={`/search?q=${encodeURIComponent(q)}${value && `&type=${value}`}`} aria-current={kind === value ? 'true' : undefined}>{label}</a>
            ))}
          </div>
        )}
        {!q ? <Empty icon="search" title="What are you looking for?"><p>Words are found in posts and comments. Narrow it down with author:, category:, before:, after: or in:title.</p></Empty>
          : error ? <Failure error={error} />
          : !results ? <Skeleton rows={5} />
          : !results.items.length ? <Empty icon="search" title="Nothing was found."><p>Try fewer or other words.</p></Empty>
          : <ol class="stoa-feed">{results.items.map((hit) => <Row key={`${hit.kind}${hit.id}`} hit={hit} />)}</ol>}
        {results?.next && <div class="stoa-more"><Button onClick={() => void more()}>Show more</Button></div>}
      </>
    );
  };
}

function SearchForm({ sdk, q, small = false }: { sdk: Sdk; q: string; small?: boolean }) {
  const [text, setText] = useState(q);
  const id = useId();
  useEffect(() => setText(q), [q]);
  const send = (event: Event) => {
    event.preventDefault();
    if (text.trim()) sdk.router.navigate(`/search?q=${encodeURIComponent(text.trim())}`);
  };
  return (
    <form role="search" aria-label={small ? 'Search the forum' : 'Search'} class={small ? 'stoa-posts-search stoa-posts-search-top' : 'stoa-posts-search'} onSubmit={send}>
      <label class="stoa-hidden" for={id}>Search</label>
      <Icon name="search" />
      <input id={id} class="stoa-input" type="search" placeholder="Search" value={text} data-search={small || undefined} onInput={(event) => setText(event.currentTarget.value)} />
    </form>
  );
}

/** The field in the head of every page; on the search page its own field takes over. */
export function topSearch(sdk: Sdk) {
  return function TopSearch() {
    if (sdk.router.place.value.path === '/search') return null;
    return <SearchForm sdk={sdk} q="" small />;
  };
}
