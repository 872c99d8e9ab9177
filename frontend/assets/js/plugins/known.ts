import { signal } from '@preact/signals';
import type { PluginInfo } from '@stoa/sdk';
import { reasonOf, type Fault } from './faults';

/** The enabled plugins, as last heard. */
export const enabledPlugins = signal<readonly PluginInfo[]>([]);

export interface PluginFailure {
  readonly fault: Fault;
  /** The file of its module. */
  readonly file: string;
  readonly reason: string;
}

/** Plugins whose browser side failed here, and how. */
export const failures = signal<ReadonlyMap<string, PluginFailure>>(new Map());

const names = new Map<string, string>();

export function heardOf(plugins: readonly PluginInfo[]): void {
  for (const { id, name } of plugins) names.set(id, name);
  const before = enabledPlugins.peek();
  // A failure belongs to the module that failed: one that went, or was upgraded, begins anew.
  const stays = ([id]: [string, PluginFailure]) => before.some((one) => one.id === id && plugins.some((now) => now.id === id && now.ui?.module === one.ui?.module));
  if (failures.peek().size) failures.value = new Map([...failures.peek()].filter(stays));
  enabledPlugins.value = plugins;
}

export function failed({ id, ui }: PluginInfo, fault: Fault, error: unknown): void {
  failures.value = new Map([...failures.peek(), [id, { fault, file: ui?.module ?? '', reason: reasonOf(error) }]]);
}

export function isEnabled(id: string): boolean {
  return enabledPlugins.value.some((plugin) => plugin.id === id);
}

/** The module that each plugin was last seen to have started with. */
const settledModules = signal<ReadonlyMap<string, string>>(new Map());

export function settled({ id, ui }: PluginInfo): void {
  settledModules.value = new Map([...settledModules.peek(), [id, ui?.module ?? '']]);
}

/** Whether nothing more is to be expected of this plugin here: its present module has started, or it has none. */
export function isSettled(id: string): boolean {
  const module = enabledPlugins.value.find((plugin) => plugin.id === id)?.ui?.module;
  return module === undefined || settledModules.value.get(id) === module;
}

/** What people call a plugin, also after it went. */
export function pluginName(id: string): string {
  return names.get(id) ?? id;
}
