import { Buffer } from 'node:buffer';
import { fold, type SessionKey } from '../../../domain/ids.ts';

/** What a list of running sessions is searched, filtered and sorted by. Names and ids are folded. */
export interface SessionFacts {
  key: SessionKey;
  /** Number in the order of arrival. */
  seq: number;
  status: string;
  /** The EVSE, or the location of a session that has none, so that numbers in it sort as numbers. */
  name: string;
  /** All that a search finds: key, charge point, EVSE, location and the card as it is shown. */
  searched: string;
  /** The party whose customer charges, and the parties with a profile on the session. */
  parties: readonly string[];
  /** The location, and the site whose limits hold for its EVSE. */
  sites: readonly string[];
  station: string;
  /** It does not do what was set, or that is not known. */
  deviates: boolean;
  /** W. */
  power: number | undefined;
  /** kWh. */
  energy: number;
  /** Epoch ms. */
  start: number | undefined;
}

/** What limits a session now. */
export interface LimitFacts {
  /** W over all phases. */
  limit: number | undefined;
  /** The code of the first cause, and the folded name in it. */
  cause: string | undefined;
  causeName: string | undefined;
}

/** The values that a list of running sessions can be sorted by. */
export const SORTS = ['name', 'power', 'limit', 'energy', 'start'] as const;
export type Sort = (typeof SORTS)[number];
export type Order = 'asc' | 'desc';

/** Which running sessions are wanted; an absent filter takes all. */
export interface RunningFilter {
  q?: string | undefined;
  status?: string | undefined;
  party?: string | undefined;
  site?: string | undefined;
  station?: string | undefined;
  deviates?: 'yes' | undefined;
  away?: 'yes' | undefined;
  limited_by?: string | undefined;
}

/** Whether a session is wanted by what is known of the session alone. */
export function matchesFacts({ q, status, party, site, station, deviates }: RunningFilter): (facts: SessionFacts) => boolean {
  const wanted = {
    q: q === undefined ? '' : fold(q),
    party: party === undefined ? undefined : fold(party),
    site: site === undefined ? undefined : fold(site),
    station: station === undefined ? undefined : fold(station),
  };
  return (it) =>
    (status === undefined || it.status === status) &&
    (wanted.party === undefined || it.parties.includes(wanted.party)) &&
    (wanted.site === undefined || it.sites.includes(wanted.site)) &&
    (wanted.station === undefined || it.station === wanted.station) &&
    (deviates === undefined || it.deviates) &&
    it.searched.includes(wanted.q);
}

/** Whether a session is limited by this cause, such as `site-share`, or by what has this name, such as `garage/north` or `NL*SCS`. */
export function isLimitedBy(wanted: string): (facts: LimitFacts) => boolean {
  const name = fold(wanted);
  return ({ cause, causeName }) => cause === wanted || causeName === name;
}

type Value = string | number | undefined;

/** The position of a session in a sorted list. It stays right while sessions come, go and change. */
export interface Position {
  value: Value;
  seq: number;
}

/** A name in which numbers sort as numbers: P2 is before P10. */
export const sortableName = (name: string): string => fold(name).replace(/\d{1,12}/g, (digits) => digits.padStart(12, '0'));

/** The order of a list: names begin at A, figures at the highest. Sessions without a value come last; of equal ones the newest is first. */
function comparison(order: Order): (one: Position, other: Position) => number {
  const sign = order === 'asc' ? 1 : -1;
  return (one, other) => {
    if (one.value === other.value) return other.seq - one.seq;
    if (one.value === undefined) return 1;
    if (other.value === undefined) return -1;
    return one.value < other.value ? -sign : sign;
  };
}

export const usualOrder = (sort: Sort): Order => (sort === 'name' ? 'asc' : 'desc');

/** One page of a sorted list: the first `limit` positions behind `after`. `more`: others follow. */
export function pageAfter<P extends Position>(all: readonly P[], { order, after, limit }: { order: Order; after: Position | undefined; limit: number }) {
  const compare = comparison(order);
  const left = after === undefined ? all : all.filter((it) => compare(after, it) < 0);
  return { items: left.toSorted(compare).slice(0, limit), more: left.length > limit };
}

/** A position as the text that an answer carries; it holds only for the order that it was made for. */
export const printPosition = (sort: Sort, order: Order, { value, seq }: Position): string =>
  Buffer.from(JSON.stringify([sort, order, value ?? null, seq])).toString('base64url');

/** Reads a position of this order; undefined: the text is none. */
export function readPosition(text: string, sort: Sort, order: Order): Position | undefined {
  const [ofSort, ofOrder, value, seq]: unknown[] = parsed(text);
  if (ofSort !== sort || ofOrder !== order || typeof seq !== 'number') return undefined;
  if (value === null) return { value: undefined, seq };
  return typeof value === (sort === 'name' ? 'string' : 'number') && (typeof value === 'string' || typeof value === 'number') ? { value, seq } : undefined;
}

function parsed(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
