import type { ForumInfo, PluginInfo } from '@stoa/sdk';
import { router } from './router/router';

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

const firstPlace = router.place.peek();

/** The payload of the first page if it is called `name`: once, and only while that page is shown. */
export function takeInitial<T>(name: string): { payload: T; seq: number } | null {
  if (initial.page?.name !== name || router.place.peek() !== firstPlace) return null;
  const { payload, seq } = initial.page;
  initial.page = null;
  return { payload: payload as T, seq };
}
