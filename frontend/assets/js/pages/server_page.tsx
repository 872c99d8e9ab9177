import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { headed } from '../components/heading';
import type { ServerPage } from '../initial';

/** A page that no module answers: the nodes that came with the document, put back as they were. */
export function KeptPage({ page }: { page: ServerPage }) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => element.current?.replaceChildren(...page.nodes), [page]);
  useEffect(() => {
    const heading = element.current?.querySelector('h1') ?? null;
    if (heading) heading.tabIndex = -1;
    headed(page.title, heading);
  }, [page]);
  return <div class="stoa-kept" ref={element} />;
}
