import type { SessionKey } from '../domain/ids.ts';
import type { ChargingProfile } from '../domain/profile/charging-profile.ts';
import { downToTenth } from '../domain/profile/convert.ts';
import type { EpochSeconds } from '../domain/units.ts';
import { type Filled, fillCheapest } from './cheapest-slots.ts';
import { type EvseLimits, evseLimits, loadPerUnit } from './evse-limits.ts';
import type { Plan, PlannedSession, Problem, Site } from './problem.ts';
import { MOST_PERIODS, shapeProfile } from './shape-profile.ts';
import { type Claim, edgesOf, rotated, type Shares, shareEqually, shareOf } from './share-equally.ts';
import { type Slot, slotsOf } from './slots.ts';

/** A steered or uncontrolled session with its limits and its claim. */
interface Candidate {
  session: PlannedSession;
  evse: EvseLimits;
  /** The load on the site for each unit of its limit. */
  load: number;
  claim: Claim;
}

/** A CHEAP session with a departure and an energy need. */
interface CheapNeed {
  candidate: Candidate;
  departure: EpochSeconds;
  /** The missing energy in Wh. */
  need: number;
}

/** The state of planning one site. */
interface SitePlan {
  site: Site;
  slots: readonly Slot[];
  /** The remaining capacity of each slot, in the unit of the site. */
  left: number[];
  /** The sessions without a profile yet. */
  waiting: Set<SessionKey>;
  /** The steered sessions, in the order of their keys. */
  candidates: readonly Candidate[];
}

/**
 * Makes the plan. With prices, each CHEAP session takes the cheapest slots within its equal share, the earliest departure first; all
 * other sessions share the rest equally.
 */
export function plan(problem: Problem): Plan {
  const profiles = new Map<SessionKey, ChargingProfile>();
  const why = new Map<SessionKey, string>();
  const keep = ({ session: { key }, evse }: Candidate, slots: readonly Slot[], [limits, reason]: [readonly number[], string]) => {
    profiles.set(key, shapeProfile(evse.unit, slots, limits));
    why.set(key, reason);
  };
  for (const site of problem.sites) {
    const state = beginSite(problem, site);
    for (const need of cheapNeedsOf(problem, state)) keep(need.candidate, state.slots, planCheap(state, need));
    const rest = state.candidates.filter(({ session: { key } }) => state.waiting.has(key));
    const shares = shareAll(state);
    for (const candidate of rest)
      keep(candidate, state.slots, [limitsOf(candidate, shares), `${typeOf(candidate)}: an equal share of ${printLimit(site)} at ${site.location}`]);
  }
  return { profiles, why };
}

const typeOf = ({ session }: Candidate) => session.preferences?.profileType ?? 'REGULAR';
const printLimit = ({ limit: { value, unit } }: Site) => `${value} ${unit}${unit === 'A' ? ' per phase' : ''}`;

function beginSite(problem: Problem, site: Site): SitePlan {
  const slots = slotsOf({ ...problem, sites: [site] });
  const all = site.sessions.map((session): Candidate => {
    const [evse, load] = [evseLimits(session.evse), loadPerUnit(session.evse, site.limit.unit)];
    const measured = session.state === 'steered' ? (session.takesAtMost ?? Infinity) : Infinity;
    const most = Math.min(evse.most, Math.max(evse.least, measured));
    return { session, evse, load, claim: { key: session.key, most: most * load, least: evse.least * load } };
  });
  const uncontrolled = all.filter(({ session }) => session.state === 'uncontrolled').reduce((sum, { claim }) => sum + claim.most, 0);
  const candidates = all.filter(({ session }) => session.state === 'steered').sort((a, b) => (a.session.key < b.session.key ? -1 : 1));
  const left = slots.map(() => Math.max(0, site.limit.value - uncontrolled));
  return { site, slots, left, candidates, waiting: new Set(candidates.map(({ session }) => session.key)) };
}

function cheapNeedsOf({ now, prices }: Problem, { candidates }: SitePlan): readonly CheapNeed[] {
  if (!prices) return [];
  const needs = candidates.flatMap((candidate): CheapNeed[] => {
    const { profileType, departure, energyNeed } = candidate.session.preferences ?? {};
    if (profileType !== 'CHEAP' || departure === undefined || departure <= now || energyNeed === undefined) return [];
    return [{ candidate, departure, need: Math.max(0, energyNeed - candidate.session.given) }];
  });
  return needs.sort((a, b) => a.departure - b.departure);
}

/** After its departure a session that still runs gets an equal share, like a session without a departure. */
function planCheap(state: SitePlan, { candidate, departure, need }: CheapNeed): [readonly number[], string] {
  const shares = limitsOf(candidate, shareAll(state));
  const offers = state.slots.flatMap((slot, n) => (slot.from < departure ? [{ slot, most: shares[n] ?? 0 }] : []));
  const filled = fillCheapest(offers, { need, changes: MOST_PERIODS - 1, evse: candidate.evse });
  const limits = [...filled.limits, ...shares.slice(offers.length)];
  state.waiting.delete(candidate.session.key);
  for (const [n, limit] of limits.entries()) state.left[n] = Math.max(0, (state.left[n] ?? 0) - limit * candidate.load);
  return [limits, reasonOf(filled, { departure, need })];
}

function reasonOf({ met, limits }: Filled, { departure, need }: { departure: EpochSeconds; need: number }): string {
  const goal = `${Math.round(need / 10) / 100} kWh until ${new Date(departure * 1000).toISOString().slice(0, 16)}Z`;
  const used = limits.filter((limit) => limit > 0).length;
  return met ? `CHEAP: ${goal}, in the cheapest ${used} of ${limits.length} slots` : `CHEAP: ${goal} cannot be reached, so as fast as its share allows`;
}

/** The shares of the waiting sessions in each slot. Slots with equal capacity and turn are computed once. */
function shareAll({ slots, left, candidates, waiting }: SitePlan): readonly Shares[] {
  const claimsFrom = (first: number) =>
    rotated(candidates, first)
      .filter(({ session }) => waiting.has(session.key))
      .map(({ claim }) => claim);
  const claims = claimsFrom(0);
  const edges = edgesOf(claims);
  const least = claims.reduce((sum, claim) => sum + claim.least, 0);
  const known = new Map<string, Shares>();
  return slots.map(({ turn }, n) => {
    const capacity = left[n] ?? 0;
    const first = capacity < least ? turn % candidates.length : 0; // the turn matters only when some sessions must pause
    const name = `${capacity} ${first}`;
    const shares = known.get(name) ?? shareEqually(capacity, claimsFrom(first), edges);
    known.set(name, shares);
    return shares;
  });
}

/** Rounded down, so that the sum stays below the limit of the site. */
const limitsOf = ({ claim, load }: Candidate, shares: readonly Shares[]): readonly number[] => shares.map((it) => downToTenth(shareOf(claim, it) / load));
