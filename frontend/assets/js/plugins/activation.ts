import type { Dispose, PluginInfo, PluginModule, Sdk } from '@stoa/sdk';
import type { Fault } from './faults';

/** The SDK of one activation, and what takes back all that was registered through it. */
export interface SdkOfPlugin {
  readonly sdk: Sdk;
  readonly dispose: Dispose;
}

export type Complain = (plugin: PluginInfo, fault: Fault, error: unknown) => void;

/** One run of a plugin's module, from `activate` to `dispose`. */
export class Activation {
  private stopped = false;
  private own: Dispose | undefined;

  constructor(
    readonly info: PluginInfo,
    private readonly provided: SdkOfPlugin,
    private readonly complain: Complain,
  ) {}

  /** Never throws: a failure is complained about, and what was registered until then is taken back. */
  async start(module: PluginModule): Promise<void> {
    try {
      if (typeof module.activate !== 'function') throw new TypeError('The module exports no function named activate.');
      const own = await module.activate(this.provided.sdk);
      if (typeof own !== 'function') return;
      if (this.stopped) this.run(own);
      else this.own = own;
    } catch (error) {
      if (this.stopped) return;
      this.complain(this.info, 'start', error);
      this.stop();
    }
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    if (this.own) this.run(this.own);
    this.run(this.provided.dispose);
  }

  private run(dispose: Dispose): void {
    try {
      dispose();
    } catch (error) {
      this.complain(this.info, 'dispose', error);
    }
  }
}
