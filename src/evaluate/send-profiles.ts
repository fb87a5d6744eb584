import type { SessionKey } from '../domain/ids.ts';
import type { ValueStep } from '../planner/index.ts';
import { SLOT } from './scenario.ts';

type Steps = readonly ValueStep[];

/** Whether a profile would be accepted, and whether the limits of these sessions together respect the site. */
export interface Sending {
  now: number;
  /** Every change is sent, also a small one. */
  sendsAll?: boolean;
  accepts: (key: SessionKey) => boolean;
  isWithin: (inForce: ReadonlyMap<SessionKey, Steps>) => boolean;
}

/** s: a profile with less time left than this is renewed. */
const SHORT = 1_800;
/** s: limits count in this span. */
const NEAR = 900;
/** Wh of planned energy that count as changed. */
const CHANGED = 500;

/** The limit of a profile at a moment; undefined when it has none. */
export const limitAt = (steps: Steps | undefined, at: number): number | undefined => steps?.find(({ from, to }) => from <= at && at < to)?.value;

/** What counts in a comparison: from now until the departure, and the W of one unit of the limit. */
interface Span {
  now: number;
  until: number;
  perUnit: number;
}

/** Whether a new plan differs enough from the profile in force to be sent. */
function differs(old: Steps | undefined, plan: Steps, { now, until, perUnit }: Span): boolean {
  if (!old) return true;
  const end = old.at(-1)?.to ?? now;
  if (end - now < SHORT && (plan.at(-1)?.to ?? now) > end) return true;
  for (let at = now; at < now + NEAR; at += SLOT) {
    const [before, after] = [limitAt(old, at) ?? 0, limitAt(plan, at) ?? 0];
    if (Math.abs(after - before) > Math.max(1, 0.05 * Math.abs(before))) return true;
  }
  return perUnit * Math.abs(total(plan, now, until) - total(old, now, until)) > CHANGED;
}

/** The limit times hours. */
const total = (steps: Steps, from: number, to: number): number =>
  steps.reduce((sum, step) => sum + (step.value * Math.max(0, Math.min(step.to, to) - Math.max(step.from, from))) / 3_600, 0);

/** A plan of one session. */
export interface Planned {
  key: SessionKey;
  steps: Steps;
  /** The departure; what the plan says after it does not count. */
  until: number;
  /** W for each unit of the limit. */
  perUnit: number;
}

/**
 * Sends the profiles that differ. When they and the profiles in force would exceed a limit together, all profiles of the plan are sent.
 * Reductions go first. Increases follow, if the site then stays within its limits also when some reduction was refused.
 * Returns the number of messages.
 */
export function sendProfiles(inForce: Map<SessionKey, Steps>, plans: readonly Planned[], { now, sendsAll = false, accepts, isWithin }: Sending): number {
  const wanted = plans.filter((plan) => sendsAll || differs(inForce.get(plan.key), plan.steps, { ...plan, now }));
  const isEnough = isWithin(withPlans(inForce, wanted));
  const sent = isEnough
    ? wanted
    : plans.filter(({ key, steps, until }) => wanted.some((it) => it.key === key) || isOther(inForce.get(key), steps, { now, until }));
  const up = sent.filter(({ key, steps }) => raises(inForce.get(key), steps, now));
  const down = sent.filter((plan) => !up.includes(plan));
  const accept = (some: readonly Planned[]) => {
    for (const { key, steps } of some) if (accepts(key)) inForce.set(key, steps);
    return some.length;
  };
  const messages = accept(down);
  if (isWithin(withPlans(inForce, up))) return messages + accept(up);
  return messages + up.reduce((sum, plan) => sum + (isWithin(withPlans(inForce, [plan])) ? accept([plan]) : 0), 0);
}

const withPlans = (inForce: ReadonlyMap<SessionKey, Steps>, plans: readonly Planned[]): ReadonlyMap<SessionKey, Steps> =>
  new Map([...inForce, ...plans.map(({ key, steps }) => [key, steps] as const)]);

const nearSlots = (now: number): readonly number[] => Array.from({ length: NEAR / SLOT }, (_, n) => now + n * SLOT);
const raises = (old: Steps | undefined, steps: Steps, now: number): boolean => nearSlots(now).some((at) => (limitAt(steps, at) ?? 0) > (limitAt(old, at) ?? 0));
const isOther = (old: Steps | undefined, steps: Steps, { now, until }: { now: number; until: number }): boolean =>
  nearSlots(now).some((at) => at < until && limitAt(steps, at) !== limitAt(old, at));
