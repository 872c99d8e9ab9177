const kPrefix = 'stoa.';

/** What is kept in this browser under `name`; null when there is nothing, or nothing usable. */
export function readStored<T>(name: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(kPrefix + name) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

/** Keeps a value in this browser. A full or forbidden storage is no reason to fail. */
export function writeStored(name: string, value: unknown): void {
  try {
    localStorage.setItem(kPrefix + name, JSON.stringify(value));
  } catch {
    // Private windows and full disks: the value lives as long as the page.
  }
}

export function removeStored(name: string): void {
  try {
    localStorage.removeItem(kPrefix + name);
  } catch {
    // As above.
  }
}
