import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { combine, type Limit, type Span, scheduleOf } from '../../domain/profile/schedule.ts';
import { type EpochSeconds, epochSeconds } from '../../domain/units.ts';
import { evseLimits } from '../../planner/evse-limits.ts';
import type { PlannedSession } from '../../planner/problem.ts';

const SOON_S = 900;
/** One ampere, or what it makes on one phase. */
const STEP = { A: 1, W: 230 };
const SHARE = 0.05;
/** Wh. */
const ENERGY_STEP = 500;
const RUNNING_OUT_S = 1_800;

/**
 * Whether a plan differs enough from what was sent to be worth a message: within 15 minutes by more than 1 A and 5 %, in what
 * the session will have had at its departure by more than 0.5 kWh, or by reaching further when what was sent runs out.
 */
export function differsEnough(sent: ChargingProfile | undefined, planned: ChargingProfile, about: { session: PlannedSession; now: EpochSeconds }): boolean {
  if (!sent || sent.unit !== planned.unit) return true;
  const { session, now } = about;
  if (differsSoon(sent, planned, { from: now, to: epochSeconds(now + SOON_S) })) return true;
  const [had, has] = [sent, planned].map((profile) => finalEnergy(profile, session, now));
  if (had !== undefined && has !== undefined && Math.abs(had - has) > ENERGY_STEP) return true;
  return endOf(sent) < now + RUNNING_OUT_S && endOf(planned) > endOf(sent);
}

function differsSoon(sent: ChargingProfile, planned: ChargingProfile, soon: Span): boolean {
  const step = STEP[sent.unit];
  const differ = (x: Limit | undefined, y: Limit | undefined) => {
    if (x === undefined || y === undefined) return true;
    return Math.abs(x - y) > Math.max(step, SHARE * x) ? true : undefined;
  };
  return combine(scheduleOf<Limit>(sent, soon.from, soon), scheduleOf<Limit>(planned, soon.from, soon), differ).length > 0;
}

/** What the session will have had when its driver leaves, in Wh and no more than is needed; undefined when nobody said when or how much. */
function finalEnergy(profile: ChargingProfile, { preferences, given, evse }: PlannedSession, now: EpochSeconds): number | undefined {
  const { departure, energyNeed } = preferences ?? {};
  if (departure === undefined || energyNeed === undefined) return undefined;
  const steps = scheduleOf<Limit>(profile, now, { from: now, to: departure });
  const more = steps.reduce((sum, { from, to, limit }) => sum + (limit * (to - from)) / 3_600, 0) * evseLimits(evse).wattsPerUnit;
  return Math.min(energyNeed, given + more);
}

/** When the last limit begins, which goes on as a fallback; a profile of one limit never ends. */
const endOf = ({ start = epochSeconds(0), periods }: ChargingProfile): number => (periods.length < 2 ? Infinity : start + (periods.at(-1)?.start ?? 0));
