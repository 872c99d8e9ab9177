import { Heading } from '../components/heading';
import { Select, Switch } from '../components/field';
import { Contributed, useOutlet } from '../components/outlet';
import { change, settings, type Settings } from '../settings';

const kThemes: { value: Settings['theme']; label: string }[] = [
  { value: 'auto', label: 'As the system does' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export function SettingsPage() {
  const { theme, compact, shortcuts } = settings.value;
  return (
    <>
      <Heading title="Settings" />
      {useOutlet('settings.sections').map((part) => (
        <section key={part.key} class="stoa-panel" aria-label={part.title}>
          <h2>{part.title}</h2>
          <Contributed part={part} context={{}} />
        </section>
      ))}
      <section class="stoa-panel" aria-label="This browser">
        <h2>This browser</h2>
        <Select label="Colours" value={theme} options={kThemes} change={(value) => change({ theme: value })} />
        <Switch label="Compact" hint="Less space between things." checked={compact} change={(value) => change({ compact: value })} />
        <Switch label="Keyboard shortcuts" hint="Press ? for the list." checked={shortcuts} change={(value) => change({ shortcuts: value })} />
      </section>
    </>
  );
}
