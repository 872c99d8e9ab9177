import { signal, type Signal } from '@preact/signals';
import type { Contribution, OutletContexts, OutletName } from '@stoa/sdk';

export interface OutletEntry<Name extends OutletName = OutletName> {
  readonly key: string;
  readonly plugin: string;
  readonly contribution: Contribution<OutletContexts[Name]>;
}

/** Those of the contract; the compiler sees that none is missing. */
const kOfContract: Readonly<Record<OutletName, true>> = {
  'nav.main': true,
  'sidebar.left': true,
  'sidebar.right': true,
  'top.search': true,
  'top.actions': true,
  'user.menu': true,
  'user.guest': true,
  'post.actions': true,
  'post.footer': true,
  'comment.actions': true,
  'composer.toolbar': true,
  'profile.actions': true,
  'profile.tabs': true,
  'settings.sections': true,
  'admin.sections': true,
  'admin.plugin': true,
  dock: true,
};

const outlets = new Map<OutletName, Signal<readonly OutletEntry[]>>();
/** What pages of plugins have shown beyond the contract. */
const others = new Set<string>();
let count = 0;

/** To be called by whoever shows an outlet: from then on its name is known. */
export function shows(name: string): void {
  if (!Object.hasOwn(kOfContract, name)) others.add(name);
}

/** The names of all outlets there are, unless `name` is one of them. A plugin's own may come later. */
export function knownInsteadOf(name: string): readonly string[] | null {
  return Object.hasOwn(kOfContract, name) || others.has(name) ? null : [...Object.keys(kOfContract), ...others];
}

/** What is contributed to an outlet, in order. */
export function entriesOf(name: OutletName): Signal<readonly OutletEntry[]> {
  let entries = outlets.get(name);
  if (!entries) outlets.set(name, (entries = signal([])));
  return entries;
}

export function contribute<Name extends OutletName>(name: Name, plugin: string, contribution: Contribution<OutletContexts[Name]>): () => void {
  const known = knownInsteadOf(name);
  if (known) console.warn(`The plugin ${plugin} puts something into the outlet “${name}”, which no page has shown yet. Known are: ${known.join(', ')}.`);
  const entries = entriesOf(name);
  const entry = { key: `${plugin}-${++count}`, plugin, contribution } as unknown as OutletEntry;
  const order = ({ contribution }: OutletEntry) => contribution.order ?? 100;
  entries.value = [...entries.peek(), entry].sort((a, b) => order(a) - order(b));
  return () => (entries.value = entries.peek().filter((one) => one !== entry));
}
