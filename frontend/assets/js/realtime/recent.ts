import type { RealtimeEvent } from '@stoa/sdk';

const kKept = 400;

/** The last events of this connection, for those who join a channel that is joined already. */
export class Recent {
  private events: RealtimeEvent[] = [];
  private forgotten = 0;

  add(event: RealtimeEvent): void {
    this.events.push(event);
    if (this.events.length <= kKept) return;
    const oldest = this.events.shift();
    this.forgotten = Math.max(this.forgotten, oldest?.seq ?? 0);
  }

  /** Whether nothing after `seq` was forgotten. */
  covers(seq: number): boolean {
    return seq >= this.forgotten;
  }

  after(seq: number): RealtimeEvent[] {
    return this.events.filter((event) => event.seq > seq).sort((a, b) => a.seq - b.seq);
  }

  clear(): void {
    this.events = [];
    this.forgotten = 0;
  }
}
