import type { SessionKey } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { combine, type Schedule } from '../../domain/profile/schedule.ts';
import { type EpochMillis, type EpochSeconds, epochMillis, toSeconds } from '../../domain/units.ts';
import { wiresOf } from '../../planner/evse-limits.ts';
import type { Plan, Site } from '../../planner/problem.ts';
import { profileOf } from '../../planner/shape-profile.ts';
import { isWorthSending } from './differs-enough.ts';
import { atSite, ceilingOf, difference, drawnUnder, HAIR, highest, isAnywhereAbove, lowest, mostOf, type Place, sum } from './load-schedules.ts';
import { nextMessage } from './pace-messages.ts';
import { newcomer, type Steered } from './steered-session.ts';

/** What is known when messages are chosen for one site. */
export interface Situation {
  site: Site;
  plan: Plan;
  steered: ReadonlyMap<SessionKey, Steered>;
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
  crowded: readonly SessionKey[];
}

/** One session with its plan beside what it may draw by now, both in its own unit. */
interface Case {
  known: Steered;
  place: Place;
  planned: ChargingProfile;
  wanted: Schedule<number>;
  ceiling: Schedule<number>;
  worth: boolean;
}

/**
 * Chooses what to send of a plan. Reductions go first. An increase goes once everybody else, taken at the worse of what may
 * hold, leaves room for it at every second; until then, what of it is a reduction goes alone.
 */
export function chooseMessages(situation: Situation): Choice {
  const cases = casesOf(situation);
  const limit = situation.site.limit.value;
  const idle = totalOf(situation, cases);
  const planned = cases.filter(({ worth }) => worth).reduce((total, one) => replaced(total, one, one.wanted), idle);
  const tight = planned.some((step) => step.limit > limit + HAIR);
  const due = cases.filter((it) => it.worth || (tight && !it.known.underway && isAnywhereAbove(it.ceiling, it.wanted)));
  const held = due.filter(({ known }) => nextMessage(known).at > situation.now);
  const free = due.filter((it) => !held.includes(it));
  const waits = held.map(({ known }) => nextMessage(known));
  return {
    send: [...reductionsOf(free), ...increasesOf(free, { total: idle, limit })],
    lookAgain: waits.length === 0 ? undefined : epochMillis(Math.min(...waits.map(({ at }) => at))),
    crowded: held.filter(({ known }) => nextMessage(known).crowded).map(({ known }) => known.key),
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
    return isAnywhereAbove(one.ceiling, reduced) ? [{ session: one.known.key, profile: profileOf(wiresOf(one.place.evse).unit, reduced) }] : [];
  });
}

/** A site that is over its limit at another hour is no reason to hold up what is more at this one. */
const fits = (total: Schedule<number>, more: Schedule<number>, limit: number) =>
  combine(total, more, (all = 0, added = 0) => (added > HAIR && all > limit + HAIR ? true : undefined)).length === 0;

const replaced = (total: Schedule<number>, one: Case, by: Schedule<number>) => sum(total, atSite(difference(by, one.ceiling), one.place));

function casesOf({ site, plan, steered, now, until }: Situation): readonly Case[] {
  const from = toSeconds(now);
  const sorted = site.sessions.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return sorted.flatMap((session): Case[] => {
    const planned = plan.profiles.get(session.key);
    if (!planned) return [];
    const known = steered.get(session.key) ?? newcomer(session.key);
    const place = { evse: session.evse, limit: site.limit, span: { from, to: until } };
    const worth = !known.underway && isWorthSending(known.meant, planned, { session, now: from });
    return [{ known, place, planned, wanted: drawnUnder(planned, place), ceiling: ceilingOf(known, place), worth }];
  });
}

/** What the site may have to carry while nothing is sent; those that are not steered draw all that they can. */
function totalOf({ site, plan, now, until }: Situation, cases: readonly Case[]): Schedule<number> {
  const span = { from: toSeconds(now), to: until };
  const others = site.sessions.filter(({ key }) => !plan.profiles.has(key)).map(({ evse }) => ({ evse, limit: site.limit, span }));
  const loads = [...others.map((place) => atSite([{ ...span, limit: mostOf(place) }], place)), ...cases.map(({ ceiling, place }) => atSite(ceiling, place))];
  return loads.reduce(sum, []);
}
