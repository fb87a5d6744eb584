import type { SessionKey } from '../domain/ids.ts';
import type { ChargingProfile } from '../domain/profile/charging-profile.ts';
import type { EpochSeconds } from '../domain/units.ts';
import { type Filled, fillCheapest } from './cheapest-slots.ts';
import type { Plan, PlannedSession, Problem, Site } from './problem.ts';
import { type Claim, inTurn, shareEqually } from './share-equally.ts';
import { MOST_PERIODS, shapeProfile } from './shape-profile.ts';
import { type Slot, slotsOf } from './slots.ts';
import { downToTenth, loadPerUnit, type Wires, wiresOf } from './wires.ts';

/** A session with its numbers. */
interface Party {
  session: PlannedSession;
  wires: Wires;
  /** What one unit of its limit takes of the site's. */
  load: number;
}

/** What a CHEAP session wants, all of it known. */
interface Wish {
  party: Party;
  departure: EpochSeconds;
  /** Wh that are still missing. */
  need: number;
}

/** A site while it is planned: what is left in each slot, and who waits for a part of it. */
interface Table {
  site: Site;
  slots: readonly Slot[];
  left: number[];
  /** By key; those who have their part are no longer in it. */
  waiting: Set<SessionKey>;
  parties: readonly Party[];
}

/**
 * The plan: CHEAP sessions, where there are prices, take the cheapest slots within their equal share, whoever leaves first
 * before the others; all others share equally what is left.
 */
export function plan(problem: Problem): Plan {
  const profiles = new Map<SessionKey, ChargingProfile>();
  const why = new Map<SessionKey, string>();
  const keep = ({ session: { key }, wires }: Party, slots: readonly Slot[], [limits, because]: [readonly number[], string]) => {
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

const typeOf = ({ session }: Party) => session.preferences?.profileType ?? 'REGULAR';
const limitInWords = ({ limit: { value, unit } }: Site) => `${value} ${unit}${unit === 'A' ? ' per phase' : ''}`;

function lay(problem: Problem, site: Site): Table {
  const slots = slotsOf({ ...problem, sites: [site] });
  const all = site.sessions.map((session): Party => ({ session, wires: wiresOf(session.evse), load: loadPerUnit(session.evse, site.limit.unit) }));
  const taken = all.filter(({ session }) => session.state === 'uncontrolled').reduce((sum, { wires, load }) => sum + wires.most * load, 0);
  const parties = all.filter(({ session }) => session.state === 'steered').sort((a, b) => (a.session.key < b.session.key ? -1 : 1));
  const left = slots.map(() => Math.max(0, site.limit.value - taken));
  return { site, slots, left, parties, waiting: new Set(parties.map(({ session }) => session.key)) };
}

function wishesOf({ now, prices }: Problem, { parties }: Table): readonly Wish[] {
  if (!prices) return [];
  const wishes = parties.flatMap((party): Wish[] => {
    const { profileType, departure, energyNeed } = party.session.preferences ?? {};
    if (profileType !== 'CHEAP' || departure === undefined || departure <= now || energyNeed === undefined) return [];
    return [{ party, departure, need: Math.max(0, energyNeed - party.session.given) }];
  });
  return wishes.sort((a, b) => a.departure - b.departure);
}

/** Behind its departure a car that is still there gets an equal share, as does everybody who did not say when to leave. */
function serveWish(table: Table, { party, departure, need }: Wish): [readonly number[], string] {
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

/** What each one that waits gets in each slot, in the unit of the site. */
const shareAll = (table: Table): readonly ReadonlyMap<SessionKey, number>[] =>
  table.slots.map(({ turn }, n) => {
    const claims = inTurn(table.parties, turn).filter(({ session }) => table.waiting.has(session.key));
    return shareEqually(table.left[n] ?? 0, claims.map(claimOf));
  });

const claimOf = ({ session: { key }, wires, load }: Party): Claim => ({ key, most: wires.most * load, least: wires.least * load });

/** Rounded down, so that the sum stays below the limit of the site. */
const limitsOf = ({ session: { key }, load }: Party, shares: readonly ReadonlyMap<SessionKey, number>[]): readonly number[] =>
  shares.map((share) => downToTenth((share.get(key) ?? 0) / load));
