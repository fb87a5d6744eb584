import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { combine, type Limit, type Span, scheduleOf } from '../../domain/profile/schedule.ts';
import { type EpochSeconds, epochSeconds } from '../../domain/units.ts';
import { evseLimits } from '../../planner/evse-limits.ts';
import type { PlannedSession } from '../../planner/problem.ts';

/** How far ahead the limits are compared. */
const SOON_S = 900;
/** The minimum difference of limits: one ampere, or its power on one phase in W. */
const MIN_STEP = { A: 1, W: 230 };
/** The minimum difference as a part of the sent limit. */
const MIN_PART = 0.05;
/** The minimum difference of the energy at the departure, in Wh. */
const MIN_ENERGY = 500;
/** How early before its last step a sent profile is extended. */
const ENDS_SOON_S = 1_800;

/**
 * Whether a planned profile differs enough from the sent one to be worth a message: its limits by more than 1 A and 5 % within 15
 * minutes, the energy at the departure by more than 0.5 kWh, or its last step is later while the sent one ends within 30 minutes.
 */
export function differsEnough(sent: ChargingProfile | undefined, planned: ChargingProfile, at: { session: PlannedSession; now: EpochSeconds }): boolean {
  if (!sent || sent.unit !== planned.unit) return true;
  const { session, now } = at;
  if (differsSoon(sent, planned, { from: now, to: epochSeconds(now + SOON_S) })) return true;
  const [before, after] = [sent, planned].map((profile) => finalEnergy(profile, session, now));
  if (before !== undefined && after !== undefined && Math.abs(before - after) > MIN_ENERGY) return true;
  return endOf(sent) < now + ENDS_SOON_S && endOf(planned) > endOf(sent);
}

function differsSoon(sent: ChargingProfile, planned: ChargingProfile, soon: Span): boolean {
  const step = MIN_STEP[sent.unit];
  const differ = (x: Limit | undefined, y: Limit | undefined) => x === undefined || y === undefined || Math.abs(x - y) > Math.max(step, MIN_PART * x);
  return combine(scheduleOf<Limit>(sent, soon.from, soon), scheduleOf<Limit>(planned, soon.from, soon), differ).some(({ limit }) => limit);
}

/** The energy of the session at its departure in Wh, at most its need; undefined without a departure or a need. */
function finalEnergy(profile: ChargingProfile, { preferences, given, evse }: PlannedSession, now: EpochSeconds): number | undefined {
  const { departure, energyNeed } = preferences ?? {};
  if (departure === undefined || energyNeed === undefined) return undefined;
  const steps = scheduleOf<Limit>(profile, now, { from: now, to: departure });
  const more = steps.reduce((sum, { from, to, limit }) => sum + (limit * (to - from)) / 3_600, 0) * evseLimits(evse).wattsPerUnit;
  return Math.min(energyNeed, given + more);
}

/** The start of the last period, which only continues as a fallback; Infinity for a profile with one period. */
function endOf({ start = epochSeconds(0), periods }: ChargingProfile): number {
  const last = periods.slice(1).at(-1);
  return last ? start + last.start : Infinity;
}
