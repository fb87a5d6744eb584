import type { SessionKey } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { combine, type Schedule } from '../../domain/profile/schedule.ts';
import { type EpochMillis, type EpochSeconds, epochMillis, toSeconds } from '../../domain/units.ts';
import { evseLimits } from '../../planner/evse-limits.ts';
import type { Plan, Site } from '../../planner/problem.ts';
import { profileOf } from '../../planner/shape-profile.ts';
import { differsEnough } from './differs-enough.ts';
import {
  difference,
  drawUnder,
  type EvseAtSite,
  highest,
  highestDraw,
  inSiteUnit,
  isAnywhereAbove,
  lowest,
  maximumDraw,
  sum,
  TOLERANCE,
} from './load-schedules.ts';
import { newSteeredSession, nextMessage, type SteeredSession } from './steered-session.ts';

/** The inputs for choosing the messages of one site. */
export interface SiteSituation {
  site: Site;
  plan: Plan;
  steered: ReadonlyMap<SessionKey, SteeredSession>;
  now: EpochMillis;
  /** The end of the time in which the limit of the site is checked. */
  until: EpochSeconds;
}

/** A profile to send to a session. */
export interface Message {
  session: SessionKey;
  profile: ChargingProfile;
}

/** The messages to send now, when to choose again for delayed ones, and the sessions whose number of messages is exhausted. */
export interface Choice {
  send: readonly Message[];
  lookAgain: EpochMillis | undefined;
  messageLimitReached: readonly SessionKey[];
}

/** One session with a plan: the draw that the plan wants and the highest draw that is possible now, both in the unit of its EVSE. */
interface Candidate {
  known: SteeredSession;
  at: EvseAtSite;
  planned: ChargingProfile;
  wanted: Schedule<number>;
  possible: Schedule<number>;
  differs: boolean;
}

/**
 * Chooses the messages for a plan. Reductions are sent at once. An increase is sent only when the highest possible draw of all other
 * sessions leaves enough capacity for it at every second; until then only the part of it that is a reduction is sent.
 */
export function chooseMessages(input: SiteSituation): Choice {
  const candidates = candidatesOf(input);
  const limit = input.site.limit.value;
  const unchanged = totalOf(input, candidates);
  const planned = candidates.filter(({ differs }) => differs).reduce((total, one) => withDraw(total, one, one.wanted), unchanged);
  const tight = planned.some((step) => step.limit > limit + TOLERANCE);
  const due = candidates.filter((it) => it.differs || (tight && !it.known.underway && isAnywhereAbove(it.possible, it.wanted)));
  const delayed = due.filter(({ known }) => nextMessage(known).at > input.now);
  const free = due.filter((it) => !delayed.includes(it));
  const next = delayed.map(({ known }) => nextMessage(known));
  return {
    send: [...reductionsOf(free), ...increasesOf(free, { total: unchanged, limit })],
    lookAgain: next.length === 0 ? undefined : epochMillis(Math.min(...next.map(({ at }) => at))),
    messageLimitReached: delayed.filter(({ known }) => nextMessage(known).limitReached).map(({ known }) => known.key),
  };
}

const isIncrease = ({ wanted, possible }: Candidate) => isAnywhereAbove(wanted, possible);
const reductionsOf = (free: readonly Candidate[]): Message[] => free.filter((it) => !isIncrease(it)).map(messageOf);
const messageOf = ({ known: { key }, planned }: Candidate): Message => ({ session: key, profile: planned });

function increasesOf(free: readonly Candidate[], capacity: { total: Schedule<number>; limit: number }): Message[] {
  let total = capacity.total;
  return free.filter(isIncrease).flatMap((one) => {
    const highestAfter = highest(one.possible, one.wanted);
    const after = withDraw(total, one, highestAfter);
    if (fits(after, difference(highestAfter, one.possible), capacity.limit)) {
      total = after;
      return [messageOf(one)];
    }
    const reduced = lowest(one.possible, one.wanted);
    return isAnywhereAbove(one.possible, reduced) ? [{ session: one.known.key, profile: profileOf(evseLimits(one.at.evse).unit, reduced) }] : [];
  });
}

/** Only the time of the increase counts: an exceeded limit at another time does not delay it. */
const fits = (total: Schedule<number>, more: Schedule<number>, limit: number) =>
  combine(total, more, (all = 0, added = 0) => added > TOLERANCE && all > limit + TOLERANCE).every(({ limit: exceeded }) => !exceeded);

const withDraw = (total: Schedule<number>, one: Candidate, by: Schedule<number>) => sum(total, inSiteUnit(difference(by, one.possible), one.at));

function candidatesOf({ site, plan, steered, now, until }: SiteSituation): readonly Candidate[] {
  const from = toSeconds(now);
  const sorted = site.sessions.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return sorted.flatMap((session): Candidate[] => {
    const planned = plan.profiles.get(session.key);
    if (!planned) return [];
    const known = steered.get(session.key) ?? newSteeredSession(session.key);
    const at = { evse: session.evse, limit: site.limit, span: { from, to: until } };
    const differs = !known.underway && differsEnough(known.intended, planned, { session, now: from });
    return [{ known, at, planned, wanted: drawUnder(planned, at), possible: highestDraw(known, at), differs }];
  });
}

/** The highest possible load of the site without new messages; sessions without a profile count with their maximum. */
function totalOf({ site, plan, now, until }: SiteSituation, candidates: readonly Candidate[]): Schedule<number> {
  const span = { from: toSeconds(now), to: until };
  const others = site.sessions.filter(({ key }) => !plan.profiles.has(key)).map(({ evse }) => ({ evse, limit: site.limit, span }));
  const loads = [
    ...others.map((at) => inSiteUnit([{ ...span, limit: maximumDraw(at) }], at)),
    ...candidates.map(({ possible, at }) => inSiteUnit(possible, at)),
  ];
  return loads.reduce(sum, []);
}
