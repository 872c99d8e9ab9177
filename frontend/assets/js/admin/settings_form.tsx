import { useRef, useState } from 'preact/hooks';
import type { Schemas } from '../api/client';
import { explain, ProblemError } from '../api/problem';
import { Button } from '../components/button';
import { toast } from '../components/toasts';
import type { AdminPlugins } from './requests';
import { inputOf, sortErrors, valueOf, type Inputs, type Problems, type Schema, type Settings } from './schema';
import { SettingsFields } from './settings_fields';

const kNone: Problems = new Map();

interface SettingsFormProps {
  plugins: AdminPlugins;
  plugin: Schemas['AdminPlugin'];
  saved(settings: Settings): void;
}

/** The settings of one plugin, as its schema describes them. */
export function SettingsForm({ plugins, plugin, saved }: SettingsFormProps) {
  const schema = (plugin.schema ?? {}) as Schema;
  const [stored, setStored] = useState<Settings>((plugin.settings ?? {}) as Settings);
  const fresh = (settings: Settings | undefined) => inputOf(schema, settings) as Inputs;
  const [inputs, setInputs] = useState(() => fresh(stored));
  const [problems, setProblems] = useState(kNone);
  const [rest, setRest] = useState('');
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const changed = JSON.stringify(inputs) !== JSON.stringify(fresh(stored));

  const show = (fields: Problems, whole: string) => {
    setProblems(fields);
    setRest(whole);
    // After the next drawing: whoever pressed the button is led to what has to be mended.
    if (fields.size) setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus());
  };
  const send = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const wrong: Problems = new Map();
    const settings = valueOf(schema, inputs, stored, wrong) as Settings;
    if (wrong.size) return show(wrong, '');
    setBusy(true);
    try {
      const answer = await plugins.saveSettings(plugin.id, settings);
      setStored(answer);
      setInputs(fresh(answer));
      show(kNone, '');
      saved(answer);
      toast(`The settings of ${plugin.name ?? plugin.id} are saved.`);
    } catch (error) {
      const errors = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
      const { fields, rest: whole } = sortErrors(schema, errors);
      show(fields, whole.join(' ') || (fields.size ? '' : explain(error)));
    }
    setBusy(false);
  };
  return (
    <form ref={form} class="stoa-form" noValidate onSubmit={(event) => void send(event)} aria-label={`Settings of ${plugin.name ?? plugin.id}`}>
      {rest && <p class="stoa-failure" role="alert">{rest}</p>}
      <SettingsFields schema={schema} inputs={inputs} change={setInputs} problems={problems} />
      <div class="stoa-form-end">
        <Button kind="primary" type="submit" busy={busy} disabled={!changed}>Save</Button>
        <Button kind="quiet" disabled={!changed || busy} onClick={() => (setInputs(fresh(stored)), show(kNone, ''))}>Undo changes</Button>
        <Button kind="quiet" disabled={busy} onClick={() => setInputs(fresh(undefined))}>Fill in the defaults</Button>
      </div>
    </form>
  );
}
