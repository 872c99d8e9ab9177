import { signal } from '@preact/signals';
import type { Shortcut } from '@stoa/sdk';
import { settings } from './settings';

const kBetweenKeysMs = 1200;

/** Whether the list of shortcuts is on screen. */
export const helpShown = signal(false);
export const shortcuts = signal<readonly Shortcut[]>([]);
let begun = '';
let begunAt = 0;

export function addShortcut(shortcut: Shortcut): () => void {
  shortcuts.value = [...shortcuts.peek(), shortcut];
  return () => (shortcuts.value = shortcuts.peek().filter((one) => one !== shortcut));
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function pressed(event: KeyboardEvent): void {
  if (!settings.value.shortcuts || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
  if (document.querySelector('dialog[open]')) return;
  const now = Date.now();
  const keys = begun && now - begunAt < kBetweenKeysMs ? `${begun} ${event.key}` : event.key;
  begun = '';
  const found = shortcuts.value.find((shortcut) => shortcut.keys === keys) ?? shortcuts.value.find((shortcut) => shortcut.keys === event.key);
  if (found) {
    event.preventDefault();
    found.run();
  } else if (shortcuts.value.some((shortcut) => shortcut.keys.startsWith(`${event.key} `))) {
    begun = event.key;
    begunAt = now;
  }
}

export function listenForShortcuts(): void {
  addShortcut({ keys: '?', label: 'Show this list', run: () => (helpShown.value = true) });
  document.addEventListener('keydown', pressed);
}
