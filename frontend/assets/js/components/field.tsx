import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password' | 'number' | 'search';
  value?: string | undefined;
  autocomplete?: string;
  required?: boolean;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  min?: number | undefined;
  max?: number | undefined;
  step?: number | 'any';
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
  return (
    <div class="stoa-field">
      <Label for={id} optional={optional}>{label}</Label>
      <input {...attributes} type={type as 'text'} id={id} class="stoa-input" {...described(id, hint, error)} />
      <Notes id={id} hint={hint} error={error} />
    </div>
  );
}

/** The label of an input that is not a `Field`. */
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
  hint?: string | undefined;
  error?: string | undefined;
  /** The label is for screen readers only. */
  bare?: boolean;
}

/** A labelled choice. */
export function Select<Value extends string>({ label, value, options, change, hint, error, bare = false }: SelectProps<Value>) {
  const id = useId();
  return (
    <div class={bare ? 'stoa-field stoa-field-bare' : 'stoa-field'}>
      <label class={bare ? 'stoa-hidden' : 'stoa-label'} for={id}>{label}</label>
      <select id={id} class="stoa-input stoa-select" value={value} onChange={(event) => change(event.currentTarget.value as Value)} {...described(id, hint, error)}>
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
      <Notes id={id} hint={hint} error={error} />
    </div>
  );
}

interface TextAreaProps {
  label: string;
  value: string;
  change(value: string): void;
  rows?: number;
  maxLength?: number;
  hint?: string | undefined;
  error?: string | undefined;
  optional?: boolean;
}

/** A labelled field of several lines. */
export function TextArea({ label, value, change, rows = 3, maxLength, hint, error, optional = false }: TextAreaProps) {
  const id = useId();
  return (
    <div class="stoa-field">
      <Label for={id} optional={optional}>{label}</Label>
      <textarea id={id} class="stoa-input" rows={rows} maxLength={maxLength} value={value} onInput={(event) => change(event.currentTarget.value)} {...described(id, hint, error)} />
      <Notes id={id} hint={hint} error={error} />
    </div>
  );
}

interface SwitchProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  checked: boolean;
  disabled?: boolean;
  /** The label is for screen readers only. */
  bare?: boolean;
  change(checked: boolean): void;
}

/** Something that is on or off. */
export function Switch({ label, hint, error, checked, disabled, bare = false, change }: SwitchProps) {
  if (bare) return <span class="stoa-switch"><input type="checkbox" role="switch" aria-label={label} checked={checked} disabled={disabled} onChange={(event) => change(event.currentTarget.checked)} /></span>;
  return (
    <label class="stoa-switch">
      <input type="checkbox" role="switch" checked={checked} disabled={disabled} onChange={(event) => change(event.currentTarget.checked)} />
      <span>
        {label}
        {hint && <span class="stoa-hint"> {hint}</span>}
        {error && <span class="stoa-field-error"> {error}</span>}
      </span>
    </label>
  );
}

/** What makes a field's hint and error be read out with it. */
function described(id: string, hint: string | undefined, error: string | undefined) {
  const ids = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return { 'aria-invalid': error ? ('true' as const) : undefined, 'aria-describedby': ids || undefined };
}

function Notes({ id, hint, error }: { id: string; hint: string | undefined; error: string | undefined }) {
  return (
    <>
      {hint && <p class="stoa-hint" id={`${id}-hint`}>{hint}</p>}
      {error && <p class="stoa-field-error" id={`${id}-error`}>{error}</p>}
    </>
  );
}
