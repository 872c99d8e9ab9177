import type { ForumInfo, PluginInfo, Place } from '@stoa/sdk';
import { router } from './router/router';
import { pageOf } from './utils/titles';

/** What the server wrote into the document. */
interface InitialData {
  forum: ForumInfo;
  plugins: PluginInfo[];
  page: { plugin: string; name: string; seq: number; payload: unknown } | null;
  seq: number;
}

const kNothing: InitialData = { forum: { name: 'Stoa', private: false, base_url: '' }, plugins: [], page: null, seq: 0 };

function read(): InitialData {
  const text = document.getElementById('stoa-data')?.textContent?.trim();
  return text?.startsWith('{') ? { ...kNothing, ...(JSON.parse(text) as Partial<InitialData>) } : kNothing;
}

export const initial = read();

/** What the server wrote into the main region for the page of a plugin. It is parsed already: only its nodes are kept. */
export interface ServerPage {
  readonly plugin: string;
  /** Without the forum's name. */
  readonly title: string;
  readonly nodes: readonly Node[];
  answers(place: Place): boolean;
}

function readServerPage(): ServerPage | null {
  const main = document.getElementById('app');
  if (!initial.page || !main?.firstElementChild) return null;
  const { pathname, search } = location;
  const asked = new URLSearchParams(search).toString();
  return {
    plugin: initial.page.plugin,
    title: pageOf(document.title, initial.forum.name),
    nodes: [...main.childNodes],
    answers: ({ path, query }) => path === pathname && query.toString() === asked,
  };
}

export const serverPage = readServerPage();

const firstPlace = router.place.peek();

/** The payload of the first page if it is called `name`: once, and only while that page is shown. */
export function takeInitial<T>(name: string): { payload: T; seq: number } | null {
  if (initial.page?.name !== name || router.place.peek() !== firstPlace) return null;
  const { payload, seq } = initial.page;
  initial.page = null;
  return { payload: payload as T, seq };
}
