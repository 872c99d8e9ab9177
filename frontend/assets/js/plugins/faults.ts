/** What a plugin's browser side can do wrong. */
export type Fault = 'fetch' | 'parse' | 'start' | 'dispose';

export const kFaults: Readonly<Record<Fault, string>> = {
  fetch: 'could not be fetched',
  parse: 'could not be parsed',
  start: 'could not be started',
  dispose: 'did not clear up after itself',
};

/** What Chromium, Firefox and Safari say when `import()` got no module: all of them throw a TypeError. */
const kNotFetched = /failed to fetch|error loading|importing a module script failed|disallowed mime type/i;
const kNotResolved = /module specifier|bare specifier|does not resolve/i;

/** What went wrong when a module was imported: it never came, it is no module, or its own first lines threw. */
export function importFault(error: unknown): Fault {
  if (error instanceof SyntaxError) return 'parse';
  if (!(error instanceof TypeError)) return 'start';
  if (kNotFetched.test(error.message)) return 'fetch';
  return kNotResolved.test(error.message) ? 'parse' : 'start';
}

/** One line of what was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
