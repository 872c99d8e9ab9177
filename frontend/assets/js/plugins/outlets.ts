import { signal, type Signal } from '@preact/signals';
import type { Contribution, OutletContexts, OutletName } from '@stoa/sdk';

export interface OutletEntry<Name extends OutletName = OutletName> {
  readonly key: string;
  readonly plugin: string;
  readonly contribution: Contribution<OutletContexts[Name]>;
}

const outlets = new Map<OutletName, Signal<readonly OutletEntry[]>>();
let count = 0;

/** What is contributed to an outlet, in order. */
export function entriesOf(name: OutletName): Signal<readonly OutletEntry[]> {
  let entries = outlets.get(name);
  if (!entries) outlets.set(name, (entries = signal([])));
  return entries;
}

export function contribute<Name extends OutletName>(name: Name, plugin: string, contribution: Contribution<OutletContexts[Name]>): () => void {
  const entries = entriesOf(name);
  const entry = { key: `${plugin}-${++count}`, plugin, contribution } as unknown as OutletEntry;
  const order = ({ contribution }: OutletEntry) => contribution.order ?? 100;
  entries.value = [...entries.peek(), entry].sort((a, b) => order(a) - order(b));
  return () => (entries.value = entries.peek().filter((one) => one !== entry));
}
