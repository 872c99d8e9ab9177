import { effect, signal } from '@preact/signals';
import { readStored, writeStored } from './utils/storage';

/** Choices that belong to this browser, not to the account. */
export interface Settings {
  theme: 'auto' | 'light' | 'dark';
  compact: boolean;
  shortcuts: boolean;
}

const kDefaults: Settings = { theme: 'auto', compact: false, shortcuts: true };

export const settings = signal<Settings>({ ...kDefaults, ...readStored<Partial<Settings>>('settings') });

export function change(part: Partial<Settings>): void {
  settings.value = { ...settings.peek(), ...part };
  writeStored('settings', settings.peek());
}

/** Lets the style sheet know the choices. */
export function applySettings(): void {
  effect(() => {
    const { theme, compact } = settings.value;
    const root = document.documentElement;
    if (theme === 'auto') delete root.dataset.theme;
    else root.dataset.theme = theme;
    root.classList.toggle('stoa-compact', compact);
  });
}
