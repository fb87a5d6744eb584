import type { GuardedClient } from '../../delivery/guard/guarded-client.ts';
import type { Clock } from '../../domain/clock.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { PatienceLedger } from '../../ocpp/patience/ledger.ts';
import type { Encryption } from '../../store/encryption.ts';
import type { Store, StoreLost } from '../../store/store.ts';
import type { Config } from '../config/config.ts';
import type { ChangedSessions } from './changed-sessions.ts';
import type { Health } from './health.ts';
import type { Journal } from './journal.ts';
import type { Jumps } from './jump-clock.ts';
import type { KnownPeers } from './known-peers.ts';
import type { Metrics } from './metrics.ts';
import type { PatienceCounts } from './patience-counts.ts';
import type { PeerContacts } from './peer-contacts.ts';
import type { PeerMessages } from './peer-messages.ts';
import type { RunningWork } from './running-work.ts';
import type { Security } from './security.ts';
import type { StationMessages } from './station-messages.ts';
import type { Traces } from './telemetry/traces.ts';

/** What every part of a node uses. */
export interface Context {
  config: Config;
  store: Store;
  /** Resolves when the node may not write to its store any more; every commit then fails with `StoreLost`. */
  storeLoss: Promise<StoreLost>;
  encryption: Encryption;
  /** Its `now` waits at a jump of the machine's clock, see `jumps`. */
  clock: Clock;
  /** The jumps of the machine's clock, for the sweeper. */
  jumps: Jumps;
  /** Whatever runs without a caller that awaits it starts here. */
  work: RunningWork;
  client: GuardedClient;
  journal: Journal;
  metrics: Metrics;
  /** Parts of the node register here how they are. */
  health: Health;
  peers: KnownPeers;
  /** What was read with patience from each peer. */
  patience: PatienceCounts;
  /** Which peers cannot be reached now. */
  contacts: PeerContacts;
  security: Security;
  /** Tells which sessions have changed, to what keeps an answer about them in memory. */
  changedSessions: ChangedSessions;
  /** How often the node was patient with each charge point since its start. */
  stationOddities: PatienceLedger;
  /** The newest messages of charge points, and when each was connected. */
  stationMessages: StationMessages;
  /** The newest messages of peers about profiles. */
  peerMessages: PeerMessages;
  /** Undefined: `telemetry` is not configured. */
  traces: Traces | undefined;
  /** Returns a new UUID. */
  newId(): string;
  /** Logs an error that no caller can receive; `what` names the work that failed. */
  reportError(what: string, error: unknown): void;
  /** The newest of these errors, oldest first, for the overview of the operator. */
  recentErrors: readonly RecentError[];
}

/** A reported error, without secrets. */
export interface RecentError {
  at: EpochMillis;
  what: string;
  says: string;
}
