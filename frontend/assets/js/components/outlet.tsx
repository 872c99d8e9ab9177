import { Component, type ComponentChildren, type ComponentType } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Contribution, MountContribution, OutletContexts, OutletName, OutletPart } from '@stoa/sdk';
import { pluginName } from '../plugins/known';
import { entriesOf, shows } from '../plugins/outlets';
import { Button } from './button';

interface BoundaryProps {
  plugin: string;
  children: ComponentChildren;
}

/** Keeps the failure of one contribution away from the rest of the page, and names the plugin. */
class Boundary extends Component<BoundaryProps, { failed: boolean }> {
  override state = { failed: false };
  override componentDidCatch(error: unknown): void {
    console.error(`The plugin ${this.props.plugin} failed to show itself.`, error);
    this.setState({ failed: true });
  }
  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div class="stoa-failure" role="alert">
        <p>The plugin “{pluginName(this.props.plugin)}” could not show this part.</p>
        <Button onClick={() => this.setState({ failed: false })}>Try again</Button>
      </div>
    );
  }
}

interface MountedProps<Context> {
  plugin: string;
  mount: MountContribution<Context>['mount'];
  context: Context;
}

/** An element that somebody else fills: mounted once, told about new contexts, or mounted anew for each. */
function Mounted<Context extends object>({ plugin, mount, context }: MountedProps<Context>) {
  const element = useRef<HTMLDivElement>(null);
  const running = useRef<{ mount: typeof mount; update?: ((context: Context) => void) | undefined; dispose(): void } | null>(null);
  const stop = () => {
    const { current } = running;
    running.current = null;
    try {
      current?.dispose();
    } catch (error) {
      console.error(`The plugin ${plugin} did not clear up after itself.`, error);
    }
    element.current?.replaceChildren();
  };
  useLayoutEffect(() => {
    if (!element.current) return;
    if (running.current?.mount === mount && running.current.update) return void running.current.update(context);
    stop();
    const mounted = mount(element.current, context);
    running.current = typeof mounted === 'function' ? { mount, dispose: mounted } : { mount, update: mounted?.update?.bind(mounted), dispose: () => mounted?.dispose() };
  }, [mount, ...Object.values(context)]);
  useLayoutEffect(() => stop, []);
  return <div class="stoa-mounted" ref={element} />;
}

/** One contribution, whatever it is written in, inside its boundary. */
export function Contributed<Context extends object>({ part, context }: { part: OutletPart<Context>; context: Context }) {
  const { key, plugin, contribution } = part;
  const Part = 'mount' in contribution ? null : (contribution.component as ComponentType<object>);
  return (
    <Boundary key={key} plugin={plugin}>
      {Part ? <Part {...context} /> : <Mounted plugin={plugin} mount={(contribution as MountContribution<Context>).mount} context={context} />}
    </Boundary>
  );
}

/** The place where plugins put something. */
export function Outlet<Name extends OutletName>({ name, context }: { name: Name; context: OutletContexts[Name] }) {
  return <>{useOutlet(name).map((part) => <Contributed key={part.key} part={part} context={context} />)}</>;
}

/** The contributions themselves, for places that need their titles. */
export function useOutlet<Name extends OutletName>(name: Name): readonly OutletPart<OutletContexts[Name]>[] {
  shows(name);
  return entriesOf(name).value.map(({ key, plugin, contribution }) => ({
    key,
    plugin,
    title: contribution.title ?? pluginName(plugin),
    contribution: contribution as unknown as Contribution<OutletContexts[Name]>,
  }));
}
