import type { Clock } from '../../src/domain/clock.ts';
import type { OcppVersion } from '../../src/ocpp/station.ts';
import type { Random } from '../random.ts';
import type { LineOptions } from './ocpp-client.ts';
import type { OutletPlan } from './simulated-evse.ts';
import type { Traits } from './traits.ts';

/** One thing that happened at a station, for whoever wants to print it. */
export type StationLog = (line: { station: string; event: string } & Record<string, unknown>) => void;

/** What a simulated station is, and where it connects. */
export interface StationOptions {
  /** Where stations connect to; the station's id is added as the last segment. */
  url: string;
  id: string;
  /** Absent: no Authorization header. */
  password?: string;
  version: OcppVersion;
  evses: readonly OutletPlan[];
  clock: Clock;
  random?: Random;
  log?: StationLog;
  traits?: Partial<Traits>;
  /** Seconds between meter values during a transaction; 60 when absent. */
  sampleEvery?: number;
  /** Milliseconds before it dials again after a lost connection, doubled up to a minute while it fails; 1,000 when absent. */
  redialAfter?: number;
  /** Keeps no frames, for thousands of stations in one process. */
  lean?: boolean;
  tls?: NonNullable<LineOptions['tls']>;
}
