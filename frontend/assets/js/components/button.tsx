import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon';

type ButtonProps = Omit<ButtonHTMLAttributes, 'icon'> & {
  kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  icon?: IconName;
  /** Shows that it works, and takes no second press. */
  busy?: boolean;
  children?: ComponentChildren;
};

/** A button, with its kinds and its busy state; it takes all that a `<button>` takes. */
export function Button({ kind = 'plain', icon, busy = false, type = 'button', children, ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} class={`stoa-button stoa-button-${kind}`} disabled={rest.disabled || busy} aria-busy={busy || undefined}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ButtonHTMLAttributes, 'icon' | 'label'> & { icon: IconName; label: string; filled?: boolean; count?: number };

/** A button that is only an icon; `label` is its name and its tooltip. */
export function IconButton({ icon, label, filled = false, count, ...rest }: IconButtonProps) {
  return (
    <button type="button" {...rest} class={`stoa-icon-button ${String(rest.class ?? '')}`} aria-label={label} title={label}>
      <Icon name={icon} filled={filled} />
      {count !== undefined && <span class="stoa-icon-button-count">{count}</span>}
    </button>
  );
}
