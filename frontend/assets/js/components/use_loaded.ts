import { useEffect, useState } from 'preact/hooks';

/** What `useLoaded` gives. */
export interface Loaded<T> {
  /** Undefined until it is there. */
  readonly value: T | undefined;
  /** What `load` threw; undefined when it did not. */
  readonly error: unknown;
  /** Loads once more; the old value stays until then. */
  reload(): void;
}

/** Loads when `key` changes. What was loaded for another key is never shown. */
export function useLoaded<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string; value?: T; error?: unknown }>({ key });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let current = true;
    load().then(
      (value) => current && setState({ key, value }),
      (error: unknown) => current && setState({ key, error }),
    );
    return () => {
      current = false;
    };
  }, [key, attempt]);
  const mine = state.key === key ? state : undefined;
  return { value: mine?.value, error: mine?.error, reload: () => setAttempt(attempt + 1) };
}
