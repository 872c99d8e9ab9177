import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ApiClient } from '../api/client';
import { ProblemError } from '../api/problem';
import { Heading } from '../components/heading';
import { Contributed, useOutlet } from '../components/outlet';
import { Empty, Failure, Skeleton } from '../components/states';
import { enabledPlugins } from '../plugins/known';
import { PluginRow } from './plugin_row';
import { AdminPlugins, type AdminPlugin } from './requests';

/** Every plugin, kept true while others switch them too. What is being edited stays. */
function Plugins({ plugins, items, refresh }: { plugins: AdminPlugins; items: readonly AdminPlugin[]; refresh(): Promise<readonly AdminPlugin[]> }) {
  return (
    <section class="stoa-panel" aria-label="Plugins">
      <h2>Plugins</h2>
      <ul class="stoa-plugins">
        {items.map((plugin) => <PluginRow key={plugin.id} plugins={plugins} plugin={plugin} refresh={async () => (await refresh()).find(({ id }) => id === plugin.id)} />)}
      </ul>
    </section>
  );
}

export function AdminPage({ api }: { api: ApiClient }) {
  const plugins = useMemo(() => new AdminPlugins(api), [api]);
  const [items, setItems] = useState<readonly AdminPlugin[]>();
  const [error, setError] = useState<unknown>();
  const refresh = async () => {
    const now = await plugins.list();
    setItems(now);
    setError(undefined);
    return now;
  };
  const running = enabledPlugins.value;
  useEffect(() => void refresh().catch(setError), [running]);
  const sections = useOutlet('admin.sections');
  if (error instanceof ProblemError && (error.status === 403 || error.status === 401)) {
    return (
      <>
        <Heading title="Administration" />
        <Empty icon="shield" title="This page is for administrators."><a class="stoa-button" href="/">Go to the front page</a></Empty>
      </>
    );
  }
  return (
    <>
      <Heading title="Administration" />
      {Boolean(error) && <Failure error={error} retry={() => void refresh().catch(setError)} />}
      {items ? <Plugins plugins={plugins} items={items} refresh={refresh} /> : !error && <Skeleton rows={3} />}
      {items && sections.map((part) => (
        <section key={part.key} class="stoa-panel" aria-label={part.title}>
          <h2>{part.title}</h2>
          <Contributed part={part} context={{}} />
        </section>
      ))}
    </>
  );
}
