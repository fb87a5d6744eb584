import type { SessionKey } from '../domain/ids.ts';
import type { ChargingProfile } from '../domain/profile/charging-profile.ts';
import type { EpochSeconds } from '../domain/units.ts';
import { type Filled, fillCheapest } from './cheapest-slots.ts';
import { downToTenth, type EvseLimits, evseLimits, loadPerUnit } from './evse-limits.ts';
import type { Plan, PlannedSession, Problem, Site } from './problem.ts';
import { MOST_PERIODS, shapeProfile } from './shape-profile.ts';
import { type Claim, edgesOf, rotated, type Shares, shareEqually, shareOf } from './share-equally.ts';
import { type Slot, slotsOf } from './slots.ts';

/** A session with its numbers. */
interface Candidate {
  session: PlannedSession;
  wires: EvseLimits;
  /** What one unit of its limit takes of the site's. */
  load: number;
  claim: Claim;
}

/** What a CHEAP session wants, all of it known. */
interface CheapNeed {
  party: Candidate;
  departure: EpochSeconds;
  /** Wh that are still missing. */
  need: number;
}

/** A site while it is planned: what is left in each slot, and who waits for a part of it. */
interface SitePlan {
  site: Site;
  slots: readonly Slot[];
  left: number[];
  /** By key; those who have their part are no longer in it. */
  waiting: Set<SessionKey>;
  parties: readonly Candidate[];
}

/**
 * The plan: CHEAP sessions, where there are prices, take the cheapest slots within their equal share, whoever leaves first
 * before the others; all others share equally what is left.
 */
export function plan(problem: Problem): Plan {
  const profiles = new Map<SessionKey, ChargingProfile>();
  const why = new Map<SessionKey, string>();
  const keep = ({ session: { key }, wires }: Candidate, slots: readonly Slot[], [limits, because]: [readonly number[], string]) => {
    profiles.set(key, shapeProfile(wires.unit, slots, limits));
    why.set(key, because);
  };
  for (const site of problem.sites) {
    const table = lay(problem, site);
    for (const wish of wishesOf(problem, table)) keep(wish.party, table.slots, serveWish(table, wish));
    const rest = table.parties.filter(({ session: { key } }) => table.waiting.has(key));
    const shares = shareAll(table);
    for (const party of rest)
      keep(party, table.slots, [limitsOf(party, shares), `${typeOf(party)}: an equal share of ${limitInWords(site)} at ${site.location}`]);
  }
  return { profiles, why };
}

const typeOf = ({ session }: Candidate) => session.preferences?.profileType ?? 'REGULAR';
const limitInWords = ({ limit: { value, unit } }: Site) => `${value} ${unit}${unit === 'A' ? ' per phase' : ''}`;

function lay(problem: Problem, site: Site): SitePlan {
  const slots = slotsOf({ ...problem, sites: [site] });
  const all = site.sessions.map((session): Candidate => {
    const [wires, load] = [evseLimits(session.evse), loadPerUnit(session.evse, site.limit.unit)];
    return { session, wires, load, claim: { key: session.key, most: wires.most * load, least: wires.least * load } };
  });
  const taken = all.filter(({ session }) => session.state === 'uncontrolled').reduce((sum, { claim }) => sum + claim.most, 0);
  const parties = all.filter(({ session }) => session.state === 'steered').sort((a, b) => (a.session.key < b.session.key ? -1 : 1));
  const left = slots.map(() => Math.max(0, site.limit.value - taken));
  return { site, slots, left, parties, waiting: new Set(parties.map(({ session }) => session.key)) };
}

function wishesOf({ now, prices }: Problem, { parties }: SitePlan): readonly CheapNeed[] {
  if (!prices) return [];
  const wishes = parties.flatMap((party): CheapNeed[] => {
    const { profileType, departure, energyNeed } = party.session.preferences ?? {};
    if (profileType !== 'CHEAP' || departure === undefined || departure <= now || energyNeed === undefined) return [];
    return [{ party, departure, need: Math.max(0, energyNeed - party.session.given) }];
  });
  return wishes.sort((a, b) => a.departure - b.departure);
}

/** Behind its departure a car that is still there gets an equal share, as does everybody who did not say when to leave. */
function serveWish(table: SitePlan, { party, departure, need }: CheapNeed): [readonly number[], string] {
  const shares = limitsOf(party, shareAll(table));
  const offers = table.slots.flatMap((slot, n) => (slot.from < departure ? [{ slot, most: shares[n] ?? 0 }] : []));
  const filled = fillCheapest(offers, { need, changes: MOST_PERIODS - 1, wires: party.wires });
  const limits = [...filled.limits, ...shares.slice(offers.length)];
  table.waiting.delete(party.session.key);
  for (const [n, limit] of limits.entries()) table.left[n] = Math.max(0, (table.left[n] ?? 0) - limit * party.load);
  return [limits, inWords(filled, { departure, need })];
}

function inWords({ met, limits }: Filled, { departure, need }: { departure: EpochSeconds; need: number }): string {
  const goal = `${Math.round(need / 10) / 100} kWh until ${new Date(departure * 1000).toISOString().slice(0, 16)}Z`;
  const used = limits.filter((limit) => limit > 0).length;
  return met ? `CHEAP: ${goal}, in the cheapest ${used} of ${limits.length} slots` : `CHEAP: ${goal} cannot be reached, so as fast as its share allows`;
}

/** How each slot is shared among those that wait. Slots that are alike are worked out once. */
function shareAll({ slots, left, parties, waiting }: SitePlan): readonly Shares[] {
  const open = parties.filter(({ session }) => waiting.has(session.key));
  const claims = open.map(({ claim }) => claim);
  const edges = edgesOf(claims);
  const least = claims.reduce((sum, claim) => sum + claim.least, 0);
  const inTurnOf = (first: number) => rotated(parties, first).flatMap(({ session, claim }) => (waiting.has(session.key) ? [claim] : []));
  const known = new Map<string, Shares>();
  return slots.map(({ turn }, n) => {
    const capacity = left[n] ?? 0;
    const first = capacity < least ? turn % parties.length : 0; // only where somebody must pause does it matter whose turn it is
    const name = `${capacity} ${first}`;
    const shares = known.get(name) ?? shareEqually(capacity, first === 0 ? claims : inTurnOf(first), edges);
    known.set(name, shares);
    return shares;
  });
}

/** Rounded down, so that the sum stays below the limit of the site. */
const limitsOf = ({ claim, load }: Candidate, shares: readonly Shares[]): readonly number[] => shares.map((it) => downToTenth(shareOf(claim, it) / load));
