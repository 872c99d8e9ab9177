import { Field, Select } from '@stoa/sdk';
import { useState } from 'preact/hooks';

const kKnown = ['', 'female', 'male', 'other', 'unspecified'] as const;
const kOwnWords = 'own';
const kOptions = [
  { value: '', label: 'No answer' },
  { value: 'female', label: 'Female' },
  { value: 'male', label: 'Male' },
  { value: 'other', label: 'Other' },
  { value: 'unspecified', label: 'Rather not say' },
  { value: kOwnWords, label: 'In my own words' },
];

/** One of the usual answers, or free text. */
export function GenderField({ value, change, error }: { value: string; change(value: string): void; error?: string | undefined }) {
  const [own, setOwn] = useState(!kKnown.some((known) => known === value));
  const choose = (choice: string) => {
    setOwn(choice === kOwnWords);
    change(choice === kOwnWords ? '' : choice);
  };
  return (
    <div class="stoa-form">
      <Select label="Gender" value={own ? kOwnWords : value} options={kOptions} change={choose} />
      {own && <Field name="gender" label="In your own words" maxLength={32} value={value} onInput={(event) => change(event.currentTarget.value)} />}
      {error && <p class="stoa-field-error">{error}</p>}
    </div>
  );
}
