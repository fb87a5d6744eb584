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
import { nextMessage } from './pace-messages.ts';
import { newSteeredSession, type SteeredSession } from './steered-session.ts';

/** What is known when messages are chosen for one site. */
export interface SiteSituation {
  site: Site;
  plan: Plan;
  steered: ReadonlyMap<SessionKey, SteeredSession>;
  now: EpochMillis;
  /** How far ahead the limit of the site is looked after. */
  until: EpochSeconds;
}

export interface Message {
  session: SessionKey;
  profile: ChargingProfile;
}

/** What goes out now, when to look again for what may not go yet, and who has had too many messages. */
export interface Choice {
  send: readonly Message[];
  lookAgain: EpochMillis | undefined;
  messageLimitReached: readonly SessionKey[];
}

/** One session with its plan beside what it may draw by now, both in its own unit. */
interface Case {
  known: SteeredSession;
  place: EvseAtSite;
  planned: ChargingProfile;
  wanted: Schedule<number>;
  ceiling: Schedule<number>;
  worth: boolean;
}

/**
 * Chooses what to send of a plan. Reductions go first. An increase goes once everybody else, taken at the worse of what may
 * hold, leaves room for it at every second; until then, what of it is a reduction goes alone.
 */
export function chooseMessages(situation: SiteSituation): Choice {
  const cases = casesOf(situation);
  const limit = situation.site.limit.value;
  const idle = totalOf(situation, cases);
  const planned = cases.filter(({ worth }) => worth).reduce((total, one) => replaced(total, one, one.wanted), idle);
  const tight = planned.some((step) => step.limit > limit + TOLERANCE);
  const due = cases.filter((it) => it.worth || (tight && !it.known.underway && isAnywhereAbove(it.ceiling, it.wanted)));
  const held = due.filter(({ known }) => nextMessage(known).at > situation.now);
  const free = due.filter((it) => !held.includes(it));
  const waits = held.map(({ known }) => nextMessage(known));
  return {
    send: [...reductionsOf(free), ...increasesOf(free, { total: idle, limit })],
    lookAgain: waits.length === 0 ? undefined : epochMillis(Math.min(...waits.map(({ at }) => at))),
    messageLimitReached: held.filter(({ known }) => nextMessage(known).crowded).map(({ known }) => known.key),
  };
}

const isIncrease = ({ wanted, ceiling }: Case) => isAnywhereAbove(wanted, ceiling);
const reductionsOf = (free: readonly Case[]): Message[] => free.filter((it) => !isIncrease(it)).map(messageOf);
const messageOf = ({ known: { key }, planned }: Case): Message => ({ session: key, profile: planned });

function increasesOf(free: readonly Case[], room: { total: Schedule<number>; limit: number }): Message[] {
  let total = room.total;
  return free.filter(isIncrease).flatMap((one) => {
    const worst = highest(one.ceiling, one.wanted);
    const after = replaced(total, one, worst);
    if (fits(after, difference(worst, one.ceiling), room.limit)) {
      total = after;
      return [messageOf(one)];
    }
    const reduced = lowest(one.ceiling, one.wanted);
    return isAnywhereAbove(one.ceiling, reduced) ? [{ session: one.known.key, profile: profileOf(evseLimits(one.place.evse).unit, reduced) }] : [];
  });
}

/** A site that is over its limit at another hour is no reason to hold up what is more at this one. */
const fits = (total: Schedule<number>, more: Schedule<number>, limit: number) =>
  combine(total, more, (all = 0, added = 0) => (added > TOLERANCE && all > limit + TOLERANCE ? true : undefined)).length === 0;

const replaced = (total: Schedule<number>, one: Case, by: Schedule<number>) => sum(total, inSiteUnit(difference(by, one.ceiling), one.place));

function casesOf({ site, plan, steered, now, until }: SiteSituation): readonly Case[] {
  const from = toSeconds(now);
  const sorted = site.sessions.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return sorted.flatMap((session): Case[] => {
    const planned = plan.profiles.get(session.key);
    if (!planned) return [];
    const known = steered.get(session.key) ?? newSteeredSession(session.key);
    const place = { evse: session.evse, limit: site.limit, span: { from, to: until } };
    const worth = !known.underway && differsEnough(known.intended, planned, { session, now: from });
    return [{ known, place, planned, wanted: drawUnder(planned, place), ceiling: highestDraw(known, place), worth }];
  });
}

/** What the site may have to carry while nothing is sent; those that are not steered draw all that they can. */
function totalOf({ site, plan, now, until }: SiteSituation, cases: readonly Case[]): Schedule<number> {
  const span = { from: toSeconds(now), to: until };
  const others = site.sessions.filter(({ key }) => !plan.profiles.has(key)).map(({ evse }) => ({ evse, limit: site.limit, span }));
  const loads = [
    ...others.map((place) => inSiteUnit([{ ...span, limit: maximumDraw(place) }], place)),
    ...cases.map(({ ceiling, place }) => inSiteUnit(ceiling, place)),
  ];
  return loads.reduce(sum, []);
}
