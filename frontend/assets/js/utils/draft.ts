import { readStored, removeStored, writeStored } from './storage';

const kAfterMs = 2_000;

/** Keeps what is being written in this browser, two seconds after the last key. */
export class Draft<T> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waiting: { value: T } | null = null;

  constructor(private readonly name: string) {}

  read(): T | null {
    return readStored<T>(this.key);
  }

  write(value: T): void {
    this.waiting = { value };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), kAfterMs);
  }

  /** Keeps it now: when the writer leaves. */
  flush(): void {
    clearTimeout(this.timer);
    if (this.waiting) writeStored(this.key, this.waiting.value);
    this.waiting = null;
  }

  discard(): void {
    clearTimeout(this.timer);
    this.waiting = null;
    removeStored(this.key);
  }

  private get key(): string {
    return `draft.${this.name}`;
  }
}

/** Puts a text that could not be sent back among the drafts, after what is written there by now. */
export function backToDraft(name: string, text: string): void {
  // The field that keeps this draft may be leaving too, and writes its own first.
  setTimeout(() => {
    const known = readStored<string>(`draft.${name}`) ?? '';
    if (!known.includes(text)) writeStored(`draft.${name}`, known ? `${known}\n\n${text}` : text);
  });
}
