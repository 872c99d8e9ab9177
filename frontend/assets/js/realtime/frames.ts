import type { RealtimeEphemeral, RealtimeEvent } from '@stoa/sdk';
import type { Problem } from '../api/problem';

export interface RealtimeUser {
  id: number;
  nickname: string;
  role: string;
}

export type ServerFrame =
  | { op: 'welcome'; connection: string; user: RealtimeUser | null; seq: number; heartbeat_s: number }
  | { op: 'ok'; id: number; seq: number }
  | { op: 'error'; id: number; problem: Problem }
  | ({ op: 'event' } & RealtimeEvent)
  | ({ op: 'ephemeral' } & RealtimeEphemeral)
  | { op: 'unsubscribed'; channels: string[]; reason: string }
  | { op: 'resync'; channels: string[] };

export interface ClientFrame {
  op: string;
  id?: number;
  [field: string]: unknown;
}

/** The part of WebSocket the client uses. */
export interface SocketLike {
  /** As of WebSocket; absent counts as open. */
  readonly readyState?: number;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((close: { code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}
