import type { Clock } from '../../src/domain/clock.ts';
import type { OcppVersion } from '../../src/ocpp/station.ts';
import type { Random } from '../random.ts';
import type { OcppClientOptions } from './ocpp-client.ts';
import type { EvsePlan } from './simulated-evse.ts';
import type { Traits } from './traits.ts';

/** Receives what happens at a station, such as `plugged-in` or `transaction-started`. */
export type StationLog = (line: { station: string; event: string } & Record<string, unknown>) => void;

/** Options of a simulated station. */
export interface StationOptions {
  /** The WebSocket URL of the node; the station's id is added as the last path segment. */
  url: string;
  id: string;
  /** Absent: no Authorization header. */
  password?: string;
  version: OcppVersion;
  evses: readonly EvsePlan[];
  clock: Clock;
  random?: Random;
  log?: StationLog;
  traits?: Partial<Traits>;
  /** Seconds between meter values during a transaction; default 60. */
  sampleEvery?: number;
  /** Milliseconds before it reconnects after a lost connection, doubled up to a minute after each failure; default 1,000. */
  redialAfter?: number;
  /** Records no frames, for thousands of stations in one process. */
  lean?: boolean;
  tls?: NonNullable<OcppClientOptions['tls']>;
}
