import { signal } from '@preact/signals';
import type { Session, SessionUser } from '@stoa/sdk';
import type { Schemas } from './api/client';
import { readStored, removeStored, writeStored } from './utils/storage';

const kKey = 'session';
const kMarginMs = 30_000;
const kAnswerMs = 15_000;

/** What this browser remembers, since scripts cannot read the cookies. */
interface Remembered {
  user: SessionUser;
  /** Milliseconds since the epoch at which the access token runs out. */
  until: number;
}

/** Who uses this browser. Renews the access token once for everybody who needs it, in all tabs. */
export class BrowserSession implements Session {
  readonly user = signal<SessionUser | null>(null);
  private until = 0;
  private away = false;
  private renewal: Promise<boolean> | null = null;

  constructor() {
    this.recall();
    addEventListener('storage', ({ key }) => {
      if (key === `stoa.${kKey}` || key === null) this.recall();
    });
  }

  signedIn(answer: Schemas['SignedIn']): void {
    this.remember(answer.user, Date.now() + answer.expires_in * 1000);
  }

  signedOut(): void {
    removeStored(kKey);
    this.until = 0;
    this.user.value = null;
  }

  update(user: SessionUser): void {
    if (this.user.peek()?.id === user.id) this.remember(user, this.until);
  }

  /** While nobody can be signed in, the plugin for it being off, everybody is a stranger; afterwards all is as it was. */
  setAway(away: boolean): void {
    if (this.away === away) return;
    this.away = away;
    this.recall();
  }

  present(): boolean {
    return this.user.peek() !== null;
  }

  stale(): boolean {
    return Date.now() > this.until - kMarginMs;
  }

  renew(): Promise<boolean> {
    this.renewal ??= this.renewAcrossTabs().finally(() => (this.renewal = null));
    return this.renewal;
  }

  private recall(): void {
    const known = this.away ? null : readStored<Remembered>(kKey);
    this.until = known?.until ?? 0;
    const user = known?.user ?? null;
    if (JSON.stringify(user) !== JSON.stringify(this.user.peek())) this.user.value = user;
  }

  private remember(user: SessionUser, until: number): void {
    this.until = until;
    writeStored(kKey, { user, until } satisfies Remembered);
    this.user.value = user;
  }

  private renewAcrossTabs(): Promise<boolean> {
    const before = this.until;
    const attempt = async () => {
      const known = readStored<Remembered>(kKey);
      // Another tab was faster.
      if (known && known.until > Math.max(before, Date.now())) {
        this.recall();
        return true;
      }
      return this.exchange();
    };
    return 'locks' in navigator ? navigator.locks.request('stoa.session', attempt).then(Boolean) : attempt();
  }

  private async exchange(): Promise<boolean> {
    let response: Response;
    try {
      response = await fetch('/api/v1/auth/refresh', { method: 'POST', signal: AbortSignal.timeout(kAnswerMs) });
    } catch {
      return false;
    }
    if (response.ok) {
      this.signedIn((await response.json()) as Schemas['SignedIn']);
      return true;
    }
    if (response.status === 401) this.signedOut();
    return false;
  }
}
