const kFirstMs = 500;
const kLongestMs = 30_000;
const kTooFastMs = 5_000;

/** Waiting times between attempts: doubling, with jitter so that a restart does not meet everybody at once. */
export class Backoff {
  private attempts = 0;

  constructor(private readonly random: () => number) {}

  /** Milliseconds until the next attempt. */
  next(tooFast = false): number {
    const base = Math.min(kLongestMs, kFirstMs * 2 ** this.attempts);
    this.attempts += 1;
    return (tooFast ? kTooFastMs : 0) + base * (0.5 + this.random() / 2);
  }

  reset(): void {
    this.attempts = 0;
  }
}
