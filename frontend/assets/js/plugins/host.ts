import { signal } from '@preact/signals';
import type { Dispose, PluginInfo, PluginModule, Sdk } from '@stoa/sdk';

interface Loaded {
  readonly info: PluginInfo;
  dispose: Dispose;
}

/** The enabled plugins, as last heard. */
export const enabledPlugins = signal<readonly PluginInfo[]>([]);

/** Loads and takes away plugin modules, so that the page shows what the server runs. */
export class PluginHost {
  private readonly loaded = new Map<string, Loaded>();
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly sdkFor: (plugin: PluginInfo) => { sdk: Sdk; dispose: Dispose }) {}

  /** Makes the page match `plugins`. */
  apply(plugins: readonly PluginInfo[]): Promise<void> {
    this.queue = this.queue.then(() => this.change(plugins));
    return this.queue;
  }

  private async change(plugins: readonly PluginInfo[]): Promise<void> {
    enabledPlugins.value = plugins;
    for (const [id, { info, dispose }] of [...this.loaded]) {
      const still = plugins.find((plugin) => plugin.id === id);
      if (still?.ui && still.ui.module === info.ui?.module) continue;
      this.loaded.delete(id);
      dispose();
    }
    await Promise.all(plugins.filter(({ id, ui }) => ui && !this.loaded.has(id)).map((plugin) => this.load(plugin)));
  }

  private async load(info: PluginInfo): Promise<void> {
    const { sdk, dispose } = this.sdkFor(info);
    const loaded: Loaded = { info, dispose };
    this.loaded.set(info.id, loaded);
    try {
      const module = (await import(/* @vite-ignore */ info.ui?.module ?? '')) as PluginModule;
      const own = await module.activate(sdk);
      if (own) loaded.dispose = () => (own(), dispose());
    } catch (error) {
      console.error(`The user interface of the plugin ${info.id} could not be started.`, error);
      dispose();
    }
  }
}
