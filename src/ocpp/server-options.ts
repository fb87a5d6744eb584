import type { Clock } from '../domain/clock.ts';
import type { StationId } from '../domain/ids.ts';
import type { Seconds } from '../domain/units.ts';
import type { CredentialOf } from './admission.ts';
import type { SecurityProfile } from './credentials.ts';
import type { Limits } from './limits.ts';
import type { Log } from './log.ts';
import type { Abilities, StationHost } from './station.ts';

/** How stations are listened to. */
export interface StationServerOptions {
  /** Port 0: any that is free. */
  listen: { host: string; port: number };
  securityProfile: SecurityProfile;
  /** PEM; `ca` signs the stations' certificates (profile 3). Needed from profile 2 on. */
  tls?: { key: string; cert: string; ca?: string };
  credentialOf: CredentialOf;
  host: StationHost;
  clock: Clock;
  log: Log;
  limits?: Partial<Limits>;
  /** The last epoch that the host recorded for a station; absent: 0. */
  lastEpoch?: (id: StationId) => number | Promise<number>;
  /** Abilities that the host kept from before. */
  abilitiesOf?: (id: StationId) => Abilities | undefined | Promise<Abilities | undefined>;
  /** Seconds between heartbeats that a booting station is told; absent: 300. */
  heartbeat?: Seconds;
  /** The level of our profiles in a station's stack, if it has so many; absent: 1, as some stations cannot clear level 0. */
  stackLevel?: number;
}
