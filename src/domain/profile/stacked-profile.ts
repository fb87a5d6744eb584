import { type EpochSeconds, epochSeconds, type Seconds } from '../units.ts';
import type { ChargingProfile } from './charging-profile.ts';
import { type Limit, merge, NO_LIMIT, type Schedule, type Span, scheduleOf, type Timed, without } from './schedule.ts';

/** What a charge point holds a profile for (OCPP 2.1 ChargingProfilePurposeEnumType; the last two of that version only). */
export type Purpose = 'tx' | 'tx-default' | 'max' | 'external' | 'priority' | 'local-generation';

interface Stacked<S> {
  id: number;
  /** The highest that has a period at a moment wins among those of its purpose. */
  stackLevel: number;
  purpose: Purpose;
  /** The transaction that a TxProfile is for; OCPP 1.6 counts them. */
  transactionId?: string;
  /**
   * `Relative` counts from the start of charging; so do the others when they lack a start, as OCPP 1.6 allows.
   * `Dynamic` is one limit that is overwritten time and again: its start is when that was last done (OCPP 2.1 K28).
   */
  kind: 'Absolute' | 'Daily' | 'Weekly' | 'Relative' | 'Dynamic';
  validFrom?: EpochSeconds;
  /** The profile no longer holds at this very second. */
  validTo?: EpochSeconds;
  /** How long the profile outlives its station's connection; absent: as long as it would anyway (OCPP 2.1). */
  maxOfflineDuration?: Seconds;
  /** An outage that was too long ends the profile for good (OCPP 2.1). */
  invalidAfterOfflineDuration?: boolean;
  /** Its times are meant in the station's own time zone, which is not known here: they are read as UTC (OCPP 2.1). */
  useLocalTime?: boolean;
  /** The station begins each period up to so much later, which it draws by lot; only told here (OCPP 2.1). */
  randomizedDelay?: Seconds;
  schedule: S;
}

/** A profile that a charge point holds, whichever version of OCPP brought it, its limits in a unit that is known. */
export type StackedProfile<L extends Limit> = Stacked<Timed<L>>;

/** A profile that a charge point holds, as it was installed: in a unit of its own, each limit for the phases that it names. */
export type InstalledProfile = Stacked<ChargingProfile>;

/** When a profile is looked at. */
export interface ProfileWindow extends Span {
  /** Relative profiles count from here; without a transaction, from the moment of asking (OCPP 2.0.1 K08.FR.06). */
  chargingStarted: EpochSeconds;
  /** When the station was last without its connection; until `Infinity` as long as it is. */
  offline?: Span;
}

/** What one profile says within a finite span: run after run of its schedule, as far as it is valid. */
export function profileSchedule<L extends Limit>(profile: StackedProfile<L>, sight: ProfileWindow): Schedule<L> {
  const { kind, schedule, validFrom, validTo } = profile;
  const from = Math.max(sight.from, validFrom ?? -Infinity);
  const to = Math.min(sight.to, validTo ?? Infinity);
  const first = kind === 'Relative' ? sight.chargingStarted : (schedule.start ?? sight.chargingStarted);
  const every = RECURRENCE[kind];
  const runs: Schedule<L>[] = [];
  for (let start = latestRun(first, every, from); start < to; start += every) {
    const run = { from: epochSeconds(Math.max(from, start)), to: epochSeconds(Math.min(to, start + every)) };
    runs.push(scheduleOf({ ...schedule, start: epochSeconds(start) }, first, run));
  }
  const [only = NO_LIMIT] = runs;
  return without(runs.length > 1 ? merge(runs.flat()) : only, outage(profile, sight));
}

/** Runs count from the profile's own start, not from midnight or Monday, and there are none before it (OCPP 2.0.1 K01.FR.30). */
const latestRun = (first: number, every: number, at: number) => (at <= first || every === Infinity ? first : at - ((at - first) % every));

/** How long after the start of a run the next one starts. */
const RECURRENCE = { Absolute: Infinity, Relative: Infinity, Dynamic: Infinity, Daily: 86_400, Weekly: 604_800 };

const NEVER: Span = { from: epochSeconds(Infinity), to: epochSeconds(Infinity) };

/** When a profile does not hold because its station had been offline for too long. */
function outage({ maxOfflineDuration, invalidAfterOfflineDuration }: StackedProfile<Limit>, { offline }: ProfileWindow): Span {
  if (maxOfflineDuration === undefined || offline === undefined) return NEVER;
  const from = epochSeconds(offline.from + maxOfflineDuration);
  if (from >= offline.to) return NEVER;
  return { from, to: invalidAfterOfflineDuration ? NEVER.to : offline.to };
}
