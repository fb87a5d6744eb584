import type { GuardedClient } from '../../delivery/guard/guarded-client.ts';
import type { Clock } from '../../domain/clock.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { Encryption } from '../../store/encryption.ts';
import type { Store } from '../../store/store.ts';
import type { Config } from '../config/config.ts';
import type { Journal } from './journal.ts';
import type { KnownPeers } from './known-peers.ts';
import type { Metrics } from './metrics.ts';
import type { Security } from './security.ts';

/** What every part of a node stands on. */
export interface Context {
  config: Config;
  store: Store;
  encryption: Encryption;
  clock: Clock;
  client: GuardedClient;
  journal: Journal;
  metrics: Metrics;
  peers: KnownPeers;
  security: Security;
  /** Draws a name that nobody else has; a UUID. */
  newId(): string;
  /** Reports an error that has no caller to go to. */
  reportError(what: string, error: unknown): void;
  /** The newest of these, for people; the oldest first. */
  recentErrors: readonly RecentError[];
}

/** An error that had no caller to go to, without secrets. */
export interface RecentError {
  at: EpochMillis;
  what: string;
  says: string;
}
