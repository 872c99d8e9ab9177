import type { Dispose } from '@stoa/sdk';

/** What one activation of a plugin has registered. Taken back together; after that nothing can be added. */
export class Registrations {
  private closed = false;
  private readonly kept = new Set<Dispose>();

  /** `complain` hears what was thrown while taking back: one that fails keeps none of the others. */
  constructor(private readonly complain: (error: unknown) => void) {}

  /** Registers and remembers; what comes too late is not registered at all. */
  add(register: () => Dispose): Dispose {
    if (this.closed) return () => undefined;
    const dispose = register();
    const once = () => {
      if (this.kept.delete(once)) dispose();
    };
    this.kept.add(once);
    return once;
  }

  /** The last registered goes first. */
  close(): void {
    this.closed = true;
    for (const dispose of [...this.kept].reverse()) {
      try {
        dispose();
      } catch (error) {
        this.complain(error);
      }
    }
  }
}
