import { useState } from 'preact/hooks';
import { explain } from '../api/problem';
import { Button } from '../components/button';
import { Confirm } from '../components/confirm';
import { Switch } from '../components/field';
import { Outlet } from '../components/outlet';
import { toast } from '../components/toasts';
import { kFaults } from '../plugins/faults';
import { failures } from '../plugins/known';
import type { Action, AdminPlugin, AdminPlugins } from './requests';
import type { Schema } from './schema';
import { SettingsForm } from './settings_form';

interface PluginRowProps {
  plugins: AdminPlugins;
  plugin: AdminPlugin;
  /** Asks the server how everything stands now; the new entry, if the plugin is still there. */
  refresh(): Promise<AdminPlugin | undefined>;
}

/** Nobody could switch it on again from a browser, since nobody could log in. */
const kNeededToLogIn = 'auth';
const kStates: Readonly<Record<string, string>> = { active: 'on', disabled: 'off' };

function Settings({ plugins, plugin, refresh }: PluginRowProps) {
  const [open, setOpen] = useState(false);
  if (!Object.keys((plugin.schema as Schema | undefined)?.properties ?? {}).length) return null;
  return (
    <details class="stoa-details" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Settings<span class="stoa-hidden"> of {plugin.name ?? plugin.id}</span></summary>
      {open && <SettingsForm key={JSON.stringify(plugin.settings)} plugins={plugins} plugin={plugin} saved={() => void refresh()} />}
    </details>
  );
}

/** One plugin: how it is, and what can be done about it. */
export function PluginRow({ plugins, plugin, refresh }: PluginRowProps) {
  const [busy, setBusy] = useState<Action | null>(null);
  const [problem, setProblem] = useState('');
  const [asking, askFirst] = useState(false);
  const name = plugin.name ?? plugin.id;
  const state = plugin.state.toLowerCase();
  const off = state === 'disabled';
  const parked = plugin.jobs?.parked ?? 0;
  const here = failures.value.get(plugin.id);

  const act = async (action: Action, done: (now: AdminPlugin | undefined) => string) => {
    setBusy(action);
    setProblem('');
    try {
      await plugins.act(plugin.id, action);
      toast(done(await refresh()));
    } catch (error) {
      setProblem(explain(error));
      await refresh().catch(() => undefined);
    }
    setBusy(null);
  };
  const turn = (on: boolean) => {
    if (on) return void act('enable', () => `${name} is switched on.`);
    if (plugin.id === kNeededToLogIn) return askFirst(true);
    void act('disable', () => `${name} is switched off.`);
  };
  const upgraded = (now: AdminPlugin | undefined) => (now?.version === plugin.version ? `${name} was loaded again; its version is still ${plugin.version}.` : `${name} is now ${now?.version}.`);
  return (
    <li class="stoa-plugin" aria-label={name}>
      <div class="stoa-plugin-head">
        <h3>{name}</h3>
        <span class="stoa-row-sub">{[plugin.id !== name.toLowerCase() && plugin.id, plugin.version].filter(Boolean).join(' ')}</span>
        <span class="stoa-tag" data-state={state}>{kStates[state] ?? state}</span>
        <div class="stoa-plugin-actions">
          {!off && state !== 'active' && <Button busy={busy === 'enable'} disabled={busy !== null} onClick={() => turn(true)}>Start again</Button>}
          {!off && <Button kind="quiet" busy={busy === 'upgrade'} disabled={busy !== null} onClick={() => void act('upgrade', upgraded)}>Upgrade<span class="stoa-hidden"> {name}</span></Button>}
          <Switch bare label={`${name} is switched on`} checked={!off} disabled={busy !== null} change={turn} />
        </div>
      </div>
      {plugin.description && <p class="stoa-hint">{plugin.description}</p>}
      {plugin.last_error && <p class="stoa-field-error">Last error: {plugin.last_error}</p>}
      {parked > 0 && (
        <p class="stoa-field-error">
          {parked === 1 ? 'One of its jobs has failed for good. ' : `${parked} of its jobs have failed for good. `}
          <Button kind="quiet" busy={busy === 'retry'} disabled={busy !== null} onClick={() => void act('retry', () => `The jobs of ${name} wait for their turn again.`)}>Try again<span class="stoa-hidden"> the jobs of {name}</span></Button>
        </p>
      )}
      {here && (
        <p class="stoa-field-error">
          In this browser its module <code>{here.file}</code> {kFaults[here.fault]}. {here.reason}
        </p>
      )}
      {problem && <p class="stoa-failure" role="alert">{problem}</p>}
      <Settings plugins={plugins} plugin={plugin} refresh={refresh} />
      <Outlet name="admin.plugin" context={{ plugin }} />
      {asking && (
        <Confirm
          title={`Switch ${name} off?`}
          text="Nobody will be able to log in, you among them: only the command line of the server can switch it on again."
          action="Switch off"
          run={() => void act('disable', () => `${name} is switched off.`)}
          close={() => askFirst(false)}
        />
      )}
    </li>
  );
}
