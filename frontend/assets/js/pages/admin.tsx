import type { ApiClient, Schemas } from '../api/client';
import { ask } from '../api/problem';
import { Heading } from '../components/heading';
import { Contributed, Outlet, useOutlet } from '../components/outlet';
import { Failure, Skeleton } from '../components/states';
import { useLoaded } from '../components/use_loaded';
import { enabledPlugins } from '../plugins/known';

function PluginRow({ plugin }: { plugin: Schemas['AdminPlugin'] }) {
  return (
    <li class="stoa-row">
      <div class="stoa-row-main">
        <span class="stoa-row-title">{plugin.name ?? plugin.id}</span>
        <span class="stoa-row-sub">{[plugin.id, plugin.version].filter(Boolean).join(' ')}</span>
        {plugin.last_error && <span class="stoa-field-error">{plugin.last_error}</span>}
      </div>
      <span class="stoa-tag" data-state={plugin.state.toLowerCase()}>{plugin.state.toLowerCase()}</span>
      <Outlet name="admin.plugin" context={{ plugin }} />
    </li>
  );
}

function Plugins({ api }: { api: ApiClient }) {
  const running = enabledPlugins.value.map(({ id, version }) => `${id}@${version}`).join();
  const { value, error, reload } = useLoaded(running, async () => (await ask(api.GET('/api/v1/admin/plugins'))).data.items);
  if (error) return <Failure error={error} retry={reload} />;
  if (!value) return <Skeleton rows={3} />;
  return <ul class="stoa-rows">{value.map((plugin) => <PluginRow key={plugin.id} plugin={plugin} />)}</ul>;
}

export function adminPage(api: ApiClient) {
  return function AdminPage() {
    return (
      <>
        <Heading title="Administration" />
        <section class="stoa-panel" aria-label="Plugins">
          <h2>Plugins</h2>
          <Plugins api={api} />
        </section>
        {useOutlet('admin.sections').map((part) => (
          <section key={part.key} class="stoa-panel" aria-label={part.title}>
            <h2>{part.title}</h2>
            <Contributed part={part} context={{}} />
          </section>
        ))}
      </>
    );
  };
}
