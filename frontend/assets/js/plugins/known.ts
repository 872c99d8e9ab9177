import { signal } from '@preact/signals';
import type { PluginInfo } from '@stoa/sdk';
import type { Fault } from './activation';

/** The enabled plugins, as last heard. */
export const enabledPlugins = signal<readonly PluginInfo[]>([]);

/** Plugins whose browser side failed here, and how. */
export const failures = signal<ReadonlyMap<string, Fault>>(new Map());

const names = new Map<string, string>();

export function heardOf(plugins: readonly PluginInfo[]): void {
  for (const { id, name } of plugins) names.set(id, name);
  const before = enabledPlugins.peek();
  // A failure belongs to the module that failed: one that went, or was upgraded, begins anew.
  const stays = ([id]: [string, Fault]) => before.some((one) => one.id === id && plugins.some((now) => now.id === id && now.ui?.module === one.ui?.module));
  if (failures.peek().size) failures.value = new Map([...failures.peek()].filter(stays));
  enabledPlugins.value = plugins;
}

export function failed({ id }: PluginInfo, fault: Fault): void {
  failures.value = new Map([...failures.peek(), [id, fault]]);
}

export function isEnabled(id: string): boolean {
  return enabledPlugins.value.some((plugin) => plugin.id === id);
}

/** What people call a plugin, also after it went. */
export function pluginName(id: string): string {
  return names.get(id) ?? id;
}
