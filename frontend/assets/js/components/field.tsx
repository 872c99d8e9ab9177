import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password' | 'number' | 'search';
  value?: string | undefined;
  autocomplete?: string;
  required?: boolean;
  minLength?: number;
  maxLength?: number;
  min?: number;
  max?: number;
  placeholder?: string;
  onInput?(event: { currentTarget: HTMLInputElement }): void;
  hint?: string | undefined;
  error?: string | undefined;
  optional?: boolean;
}

/** A labelled input; its hint and its error are read out with it. */
export function Field({ label, hint, error, optional = false, type = 'text', ...input }: FieldProps) {
  const id = useId();
  // Preact's types want one literal type of input at a time.
  const attributes = input as object;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="stoa-field">
      <Label for={id} optional={optional}>{label}</Label>
      <input {...attributes} type={type as 'text'} id={id} class="stoa-input" aria-invalid={error ? 'true' : undefined} aria-describedby={described || undefined} />
      {hint && <p class="stoa-hint" id={`${id}-hint`}>{hint}</p>}
      {error && <p class="stoa-field-error" id={`${id}-error`}>{error}</p>}
    </div>
  );
}

export function Label({ for: target, optional = false, children }: { for: string; optional?: boolean; children: ComponentChildren }) {
  return (
    <label class="stoa-label" for={target}>
      {children}
      {optional && <span class="stoa-label-optional"> optional</span>}
    </label>
  );
}

interface SelectProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  change(value: Value): void;
  /** The label is for screen readers only. */
  bare?: boolean;
}

export function Select<Value extends string>({ label, value, options, change, bare = false }: SelectProps<Value>) {
  const id = useId();
  return (
    <div class={bare ? 'stoa-field stoa-field-bare' : 'stoa-field'}>
      <label class={bare ? 'stoa-hidden' : 'stoa-label'} for={id}>{label}</label>
      <select id={id} class="stoa-input stoa-select" value={value} onChange={(event) => change(event.currentTarget.value as Value)}>
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
    </div>
  );
}

export function Switch({ label, hint, checked, change }: { label: string; hint?: string; checked: boolean; change(checked: boolean): void }) {
  return (
    <label class="stoa-switch">
      <input type="checkbox" checked={checked} onChange={(event) => change(event.currentTarget.checked)} />
      <span>
        {label}
        {hint && <span class="stoa-hint"> {hint}</span>}
      </span>
    </label>
  );
}
