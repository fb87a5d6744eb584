import type { GuardedClient } from '../../delivery/guard/guarded-client.ts';
import type { Clock } from '../../domain/clock.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { Seal } from '../../store/seal.ts';
import type { Store } from '../../store/store.ts';
import type { Config } from '../config/config.ts';
import type { Journal } from './journal.ts';
import type { Peers } from './known-peers.ts';
import type { Metrics } from './metrics.ts';
import type { Security } from './security.ts';

/** What every part of a node stands on. */
export interface Ground {
  config: Config;
  store: Store;
  seal: Seal;
  clock: Clock;
  client: GuardedClient;
  journal: Journal;
  metrics: Metrics;
  peers: Peers;
  security: Security;
  /** Draws a name that nobody else has; a UUID. */
  draw(): string;
  /** Reports an error that has no caller to go to. */
  complain(what: string, error: unknown): void;
  /** The newest of these, for people; the oldest first. */
  complaints: readonly Complaint[];
}

/** An error that had no caller to go to, without secrets. */
export interface Complaint {
  at: EpochMillis;
  what: string;
  says: string;
}
