import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface MenuProps {
  label: string;
  trigger: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}

/** A button that shows a small panel under itself. A press outside, Escape or a choice hides it. */
export function Menu({ label, trigger, class: name = '', children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    document.addEventListener('keydown', escape);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      document.removeEventListener('keydown', escape);
    };
  }, [open]);
  const chosen = (event: MouseEvent) => {
    if ((event.target as Element).closest('a, button')) setOpen(false);
  };
  return (
    <div class="stoa-menu" ref={root}>
      <button type="button" ref={button} class={`stoa-menu-trigger ${name}`} aria-label={label} title={label} aria-expanded={open} onClick={() => setOpen(!open)}>
        {trigger}
      </button>
      {open && <div class="stoa-menu-panel" onClick={chosen}>{children}</div>}
    </div>
  );
}
