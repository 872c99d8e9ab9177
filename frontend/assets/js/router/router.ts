import { computed, signal } from '@preact/signals';
import type { PageContribution, Place, Router } from '@stoa/sdk';
import { match } from './pattern';

export interface RegisteredPage {
  readonly pattern: string;
  readonly plugin: string;
  readonly page: PageContribution;
  /** Another one for each registration, so that a page that comes back begins anew. */
  readonly key: number;
}

interface HistoryState {
  stoa: true;
  scroll: number;
}

function here(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search), hash: location.hash };
}

/** Where the browser is, and which page answers. */
class BrowserRouter implements Router {
  readonly place = signal(here());
  readonly pages = signal<readonly RegisteredPage[]>([]);
  /** How many pages were opened since the document was loaded. */
  readonly visits = signal(0);
  readonly current = computed(() => this.find(this.place.value.path));
  /** Pages that were taken back, and whose they were. */
  private readonly past = new Map<string, string>();
  private registrations = 0;
  private scrollTimer: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    history.scrollRestoration = 'manual';
    // A page that is loaded again at some part of it goes there, wherever it was scrolled to before.
    if (location.hash) history.replaceState({ stoa: true, scroll: 0 } satisfies HistoryState, '');
    addEventListener('popstate', ({ state }) => this.arrived((state as HistoryState | null)?.scroll ?? 0));
    addEventListener('scroll', () => {
      clearTimeout(this.scrollTimer);
      this.scrollTimer = setTimeout(() => this.rememberScroll(), 150);
    }, { passive: true });
    document.addEventListener('click', (event) => this.clicked(event));
  }

  /** To be called when the first page is shown. */
  shown(): void {
    const scroll = (history.state as HistoryState | null)?.scroll ?? 0;
    if (scroll > 0) restoreScroll(scroll);
  }

  add({ pattern, plugin, page }: Omit<RegisteredPage, 'key'>): () => void {
    const registered = { pattern, plugin, page, key: ++this.registrations };
    this.pages.value = [...this.pages.peek(), registered];
    return () => {
      this.past.set(pattern, plugin);
      this.pages.value = this.pages.peek().filter((one) => one !== registered);
    };
  }

  /** The plugin that answered this path until it went. */
  formerly(path: string): string | undefined {
    return [...this.past].find(([pattern]) => match(pattern, path))?.[1];
  }

  navigate(url: string, { replace = false } = {}): void {
    const target = new URL(url, location.href);
    if (target.origin !== location.origin) return location.assign(target.href);
    // Perhaps the server has it. What a plugin answered until it went, that plugin may answer again.
    if (!this.knows(target.pathname) && this.formerly(target.pathname) === undefined) return replace ? location.replace(target.href) : location.assign(target.href);
    clearTimeout(this.scrollTimer);
    if (replace) history.replaceState({ stoa: true, scroll: 0 } satisfies HistoryState, '', target.href);
    else {
      this.rememberScroll();
      history.pushState({ stoa: true, scroll: 0 } satisfies HistoryState, '', target.href);
    }
    this.arrived(0);
  }

  /** Changes the address of the page that is shown, and nothing else. */
  relabel(url: string): void {
    history.replaceState({ stoa: true, scroll: scrollY } satisfies HistoryState, '', url);
  }

  knows(path: string): boolean {
    return this.find(path) !== null;
  }

  private find(path: string): { page: RegisteredPage; params: Record<string, string> } | null {
    for (const page of this.pages.value) {
      const params = match(page.pattern, path);
      if (params) return { page, params };
    }
    return null;
  }

  private arrived(scroll: number): void {
    const samePage = this.place.peek().path === location.pathname;
    this.place.value = here();
    if (samePage && location.hash) return document.getElementById(location.hash.slice(1))?.scrollIntoView();
    if (!samePage) this.visits.value += 1;
    restoreScroll(scroll);
  }

  private rememberScroll(): void {
    history.replaceState({ stoa: true, scroll: scrollY } satisfies HistoryState, '', location.href);
  }

  private clicked(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a[href]') as HTMLAnchorElement | null;
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    const jumps = link.pathname === location.pathname && link.search === location.search && link.hash !== '';
    if (jumps || !this.knows(link.pathname)) return;
    event.preventDefault();
    this.navigate(link.href);
  }
}

/** Scrolls as soon as the page is long enough again, for up to a second. */
function restoreScroll(top: number): void {
  const until = performance.now() + 1000;
  const step = () => {
    scrollTo(0, top);
    if (Math.abs(scrollY - top) > 2 && performance.now() < until) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

export const router = new BrowserRouter();
