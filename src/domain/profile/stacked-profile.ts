import { type EpochSeconds, epochSeconds, type Seconds } from '../units.ts';
import type { ChargingProfile } from './charging-profile.ts';
import { type Limit, merge, NO_LIMIT, type Schedule, type Span, scheduleOf, type Timed, without } from './schedule.ts';

/** The purpose of an installed profile (OCPP 2.1 ChargingProfilePurposeEnumType; the last two exist in that version only). */
export type Purpose = 'tx' | 'tx-default' | 'max' | 'external' | 'priority' | 'local-generation';

interface Stacked<S> {
  id: number;
  /** Among the profiles of one purpose that have a period at a moment, the highest level applies. */
  stackLevel: number;
  purpose: Purpose;
  /** The transaction of a TxProfile; a number in OCPP 1.6. */
  transactionId?: string;
  /**
   * `Relative` begins at the start of charging; so do the other kinds without a start, which OCPP 1.6 allows.
   * `Dynamic` is one limit that is updated repeatedly; its start is the last update (OCPP 2.1 K28).
   */
  kind: 'Absolute' | 'Daily' | 'Weekly' | 'Relative' | 'Dynamic';
  validFrom?: EpochSeconds;
  /** The first second at which the profile is no longer valid. */
  validTo?: EpochSeconds;
  /** How long the profile stays valid while the station is offline; absent: without limit (OCPP 2.1). */
  maxOfflineDuration?: Seconds;
  /** True: an outage longer than `maxOfflineDuration` ends the profile for good (OCPP 2.1). */
  invalidAfterOfflineDuration?: boolean;
  /** True: its times are in the time zone of the station. This code does not know that zone and reads them as UTC (OCPP 2.1). */
  useLocalTime?: boolean;
  /** The station delays each period by a random time up to this value. This code stores the value and does not apply it (OCPP 2.1). */
  randomizedDelay?: Seconds;
  schedule: S;
}

/** An installed profile of any version of OCPP, with its limits in one unit. */
export type StackedProfile<L extends Limit> = Stacked<Timed<L>>;

/** An installed profile of any version of OCPP, in its own unit and with the number of phases of each limit. */
export type InstalledProfile = Stacked<ChargingProfile>;

/** The span in which profiles are evaluated, and the state of the transaction and connection. */
export interface ProfileWindow extends Span {
  /** The start of relative profiles; without a transaction, the moment of the request (OCPP 2.0.1 K08.FR.06). */
  chargingStarted: EpochSeconds;
  /** The last outage of the connection; it ends at `Infinity` while the station is offline. */
  offline?: Span;
}

/** The schedule of one profile within a finite window: all runs of a recurring profile, within its validity. */
export function profileSchedule<L extends Limit>(profile: StackedProfile<L>, window: ProfileWindow): Schedule<L> {
  const { kind, schedule, validFrom, validTo } = profile;
  const from = Math.max(window.from, validFrom ?? -Infinity);
  const to = Math.min(window.to, validTo ?? Infinity);
  const first = kind === 'Relative' ? window.chargingStarted : (schedule.start ?? window.chargingStarted);
  const every = RECURRENCE[kind];
  const runs: Schedule<L>[] = [];
  for (let start = latestRun(first, every, from); start < to; start += every) {
    const run = { from: epochSeconds(Math.max(from, start)), to: epochSeconds(Math.min(to, start + every)) };
    runs.push(scheduleOf({ ...schedule, start: epochSeconds(start) }, first, run));
  }
  const [only = NO_LIMIT] = runs;
  return without(runs.length > 1 ? merge(runs.flat()) : only, outage(profile, window));
}

/** The start of the run at a moment. Runs repeat from the start of the profile, not from midnight or Monday; none is earlier (OCPP 2.0.1 K01.FR.30). */
const latestRun = (first: number, every: number, at: number) => (at <= first || every === Infinity ? first : at - ((at - first) % every));

/** Seconds from the start of one run to the start of the next. */
const RECURRENCE = { Absolute: Infinity, Relative: Infinity, Dynamic: Infinity, Daily: 86_400, Weekly: 604_800 };

const NEVER: Span = { from: epochSeconds(Infinity), to: epochSeconds(Infinity) };

/** The span in which a profile is invalid because its station was offline for too long. */
function outage({ maxOfflineDuration, invalidAfterOfflineDuration }: StackedProfile<Limit>, { offline }: ProfileWindow): Span {
  if (maxOfflineDuration === undefined || offline === undefined) return NEVER;
  const from = epochSeconds(offline.from + maxOfflineDuration);
  if (from >= offline.to) return NEVER;
  return { from, to: invalidAfterOfflineDuration ? NEVER.to : offline.to };
}
