import { batch } from '@preact/signals';
import type { PluginInfo, PluginModule } from '@stoa/sdk';
import { Activation, type Complain, type SdkOfPlugin } from './activation';
import { importFault } from './faults';

export interface PluginHostOptions {
  sdkFor(plugin: PluginInfo): SdkOfPlugin;
  fetchModule(url: string): Promise<PluginModule>;
  complain: Complain;
  /** Its module has said all it has to say at the start, or has failed. */
  settled?(plugin: PluginInfo): void;
}

/**
 * Loads and takes away plugin modules, so that the page shows what the server runs. Plugins do not wait for each other, and
 * the last wish counts: a module that arrives after its plugin was switched off again is never activated.
 */
export class PluginHost {
  private readonly running = new Map<string, Activation>();
  /** What is being fetched, by plugin. */
  private readonly fetching = new Map<string, PluginInfo>();

  constructor(private readonly options: PluginHostOptions) {}

  /** Makes the page match `plugins`. Resolves when those that were new are activated, or have failed. */
  async apply(plugins: readonly PluginInfo[]): Promise<void> {
    const wanted = new Map(plugins.filter(({ ui }) => ui).map((plugin) => [plugin.id, plugin]));
    batch(() => {
      for (const id of [...this.running.keys()]) if (!wanted.has(id)) this.stop(id);
    });
    for (const id of [...this.fetching.keys()]) if (!wanted.has(id)) this.fetching.delete(id);
    await Promise.all([...wanted.values()].map((plugin) => this.ensure(plugin)));
  }

  private stop(id: string): void {
    this.running.get(id)?.stop();
    this.running.delete(id);
  }

  private async ensure(plugin: PluginInfo): Promise<void> {
    const same = (other: PluginInfo | undefined) => other?.ui?.module === plugin.ui?.module;
    if (same(this.running.get(plugin.id)?.info)) return void this.fetching.delete(plugin.id);
    if (same(this.fetching.get(plugin.id))) return;
    this.fetching.set(plugin.id, plugin);
    const module = await this.fetch(plugin);
    if (this.fetching.get(plugin.id) !== plugin) return;
    this.fetching.delete(plugin.id);
    if (!module) return;
    await this.replace(plugin, module);
    if (this.running.get(plugin.id)?.info === plugin) this.options.settled?.(plugin);
  }

  /** The module, or nothing: a later `apply` tries again. Whatever runs until then stays. */
  private async fetch(plugin: PluginInfo): Promise<PluginModule | undefined> {
    try {
      return await this.options.fetchModule(plugin.ui?.module ?? '');
    } catch (error) {
      if (this.fetching.get(plugin.id) === plugin) this.options.complain(plugin, importFault(error), error);
      return undefined;
    }
  }

  /** The old one goes and the new one comes in one step, so that an open page is not gone in between. */
  private replace(plugin: PluginInfo, module: PluginModule): Promise<void> {
    return batch(() => {
      this.stop(plugin.id);
      const activation = new Activation(plugin, this.options.sdkFor(plugin), this.options.complain);
      this.running.set(plugin.id, activation);
      return activation.start(module);
    });
  }
}
