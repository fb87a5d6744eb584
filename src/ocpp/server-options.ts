import type { Clock } from '../domain/clock.ts';
import type { StationId } from '../domain/ids.ts';
import type { Seconds } from '../domain/units.ts';
import type { CredentialOf } from './admission.ts';
import type { SecurityProfile } from './credentials.ts';
import type { Gateway } from './gateway/upstream.ts';
import type { Limits } from './limits.ts';
import type { FrameListener, Log } from './log.ts';
import type { PatienceLedger } from './patience/ledger.ts';
import type { ReadingSettings } from './patience/station-patience.ts';
import type { KnownAbilities, StationHost } from './station.ts';

/** Options of a station server. */
export interface StationServerOptions {
  /** Port 0: any free port. */
  listen: { host: string; port: number };
  securityProfile: SecurityProfile;
  /** PEM texts; required from profile 2 on. Lists have a key for each certificate. `ca` is the authority for the stations' certificates (profile 3). */
  tls?: { key: string | string[]; cert: string | string[]; ca?: string };
  credentialOf: CredentialOf;
  host: StationHost;
  clock: Clock;
  log: Log;
  limits?: Partial<Limits>;
  /** The CSMSs behind this server, and what belongs to the stations that pass; default: the node is the CSMS of every station. */
  gateway?: Gateway;
  /** Receives every message that passes on a socket. */
  onFrame?: FrameListener;
  /** Whether an address is a trusted reverse proxy, whose X-Forwarded-For names the client; default: none is. */
  isProxy?: (address: string) => boolean;
  /** The last epoch that the host recorded for a station; default 0. */
  lastEpoch?: (id: StationId) => number | Promise<number>;
  /** The abilities that the host stored for a station. */
  abilitiesOf?: (id: StationId) => KnownAbilities | undefined | Promise<KnownAbilities | undefined>;
  /** What the configuration says about reading the messages of a station; default: patient, without known EVSEs. */
  settingsOf?: (id: StationId) => ReadingSettings | undefined;
  /** Where patience with stations is counted; default: a ledger that nobody reads. */
  ledger?: PatienceLedger;
  /** Seconds between the heartbeats of a station; default 300. */
  heartbeat?: Seconds;
  /** The stack level of the node's profiles, lowered to the station's maximum; default: see quirk level-zero-stays. */
  stackLevel?: number;
}
