import type { Follow, RealtimeEvent } from '@stoa/sdk';

type Phase = 'detached' | 'joining' | 'joined';

/** One follower of channels and how far each of its channels has been seen. */
export class Subscription {
  private phase: Phase = 'detached';
  private attempt = 0;
  private readonly cursors = new Map<string, number>();
  /** Live events that arrived while older ones were still being replayed. */
  private held: RealtimeEvent[] = [];

  constructor(readonly follow: Follow) {
    if (follow.since !== undefined) this.moveTo(follow.since);
  }

  get channels(): readonly string[] {
    return this.follow.channels;
  }

  /** From where to resume: nothing on any channel is missing up to here. */
  get cursor(): number | undefined {
    const seen = this.channels.map((channel) => this.cursors.get(channel));
    return seen.some((seq) => seq === undefined) ? undefined : Math.min(...(seen as number[]));
  }

  begin(): number {
    this.phase = 'joining';
    return ++this.attempt;
  }

  isCurrent(attempt: number): boolean {
    return this.phase === 'joining' && attempt === this.attempt;
  }

  detach(): void {
    this.phase = 'detached';
    this.held = [];
  }

  /** Everything up to `seq` has been sent. */
  joined(seq: number): void {
    this.phase = 'joined';
    const held = this.held.sort((a, b) => a.seq - b.seq);
    this.held = [];
    for (const event of held) this.deliver(event);
    this.passed(seq);
  }

  passed(seq: number): void {
    if (this.phase === 'joined') this.moveTo(seq);
  }

  moveTo(seq: number): void {
    for (const channel of this.channels) this.cursors.set(channel, Math.max(seq, this.cursors.get(channel) ?? 0));
  }

  deliver(event: RealtimeEvent): void {
    if (this.phase === 'detached') return;
    const hit = event.channels.filter((channel) => this.channels.includes(channel) && event.seq > (this.cursors.get(channel) ?? 0));
    if (!hit.length) return;
    if (this.phase === 'joining' && !event.replay) {
      this.held.push(event);
      return;
    }
    for (const channel of hit) this.cursors.set(channel, event.seq);
    this.follow.event?.(event);
  }
}
