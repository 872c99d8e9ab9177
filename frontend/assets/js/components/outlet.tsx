import { Component, type ComponentChildren, type ComponentType } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Contribution, OutletContexts, OutletName } from '@stoa/sdk';
import { entriesOf } from '../plugins/outlets';
import { Button } from './button';

interface BoundaryProps {
  plugin: string;
  children: ComponentChildren;
}

/** Keeps the failure of one contribution away from the rest of the page, and names the plugin. */
export class Boundary extends Component<BoundaryProps, { failed: boolean }> {
  override state = { failed: false };
  override componentDidCatch(error: unknown): void {
    console.error(`The plugin ${this.props.plugin} failed to show itself.`, error);
    this.setState({ failed: true });
  }
  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div class="stoa-failure" role="alert">
        <p>The plugin “{this.props.plugin}” could not show this part.</p>
        <Button onClick={() => this.setState({ failed: false })}>Try again</Button>
      </div>
    );
  }
}

function Mounted<Context>({ mount, context }: { mount(element: HTMLElement, context: Context): () => void; context: Context }) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => (element.current ? mount(element.current, context) : undefined), [mount]);
  return <div ref={element} />;
}

/** One contribution, whatever it is written in. */
export function Contributed<Context extends object>({ contribution, context }: { contribution: Contribution<Context>; context: Context }) {
  if ('mount' in contribution) return <Mounted mount={contribution.mount} context={context} />;
  const Part = contribution.component as ComponentType<object>;
  return <Part {...context} />;
}

/** The place where plugins put something. */
export function Outlet<Name extends OutletName>({ name, context }: { name: Name; context: OutletContexts[Name] }) {
  return (
    <>
      {entriesOf(name).value.map(({ key, plugin, contribution }) => (
        <Boundary key={key} plugin={plugin}>
          <Contributed contribution={contribution as unknown as Contribution<OutletContexts[Name]>} context={context} />
        </Boundary>
      ))}
    </>
  );
}

/** The contributions themselves, for places that need their titles. */
export function useOutlet<Name extends OutletName>(name: Name): readonly { key: string; title: string; plugin: string; contribution: Contribution<OutletContexts[Name]> }[] {
  return entriesOf(name).value.map(({ key, plugin, contribution }) => ({
    key,
    plugin,
    title: contribution.title ?? plugin,
    contribution: contribution as unknown as Contribution<OutletContexts[Name]>,
  }));
}
