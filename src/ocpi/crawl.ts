import { type TSchema, Type } from 'typebox';
import { callEndpoint, followLink, type Ids, type PeerClient } from './call.ts';
import { inEdition } from './editions.ts';
import { type Answer, type Endpoint, nothing } from './endpoint.ts';
import type { HubName, PartyName } from './headers.ts';
import { readLeniently } from './lenient-read.ts';
import { nextPage, type PageQuery } from './paging.ts';
import type { PeerAnswer } from './peer-answer.ts';

const anyList = Type.Array(Type.Unknown());
/** Most pages that one crawl gets (SEC-33). */
const mostPages = 10_000;

/** One page of a crawl: the objects that are as they should be, and what is wrong with each of the others (TRN-16). */
export interface CrawledPage<T> {
  items: readonly T[];
  problems: readonly string[];
}

/** How a crawl ended. STOPPED: foreign_link, loop, too_many_pages, or why the last page could not be had. */
export type CrawlEnd = { is: 'COMPLETE'; pages: number } | { is: 'STOPPED'; because: string; pages: number; message: string };

type Item<E extends Endpoint> = Answer<E> extends readonly (infer T)[] ? T : never;
export interface Crawl<T> {
  /** The list's URL from the peer's version details. */
  base: string;
  query: PageQuery;
  /** Where pages may be: scheme, host and port of each place registered for the peer (TRN-29). */
  origins: readonly string[];
  /** To a hub itself: what everyone behind it has, each object with its owner's name in it (RTE-13, RTE-14). */
  ids?: Omit<Ids, 'requestId' | 'to'> & { to?: PartyName | HubName };
  /** Called with each page in turn; the next is asked for when it is done. An object may come twice. */
  take(page: CrawledPage<T>): Promise<void>;
}

/** Gets all pages of a list, one after the other, and goes back a step when the list shrinks under way (TRN-27). */
export function crawl<E extends Endpoint>(line: PeerClient, list: E, how: Crawl<Item<E>>): Promise<CrawlEnd>;
// Each object was checked against the list's own schema, which the compiler cannot follow through a type parameter.
export async function crawl(line: PeerClient, list: Endpoint, how: Crawl<unknown>): Promise<CrawlEnd> {
  const anything = { ...list, answer: anyList, query: list.query, body: nothing, path: '' as const };
  const items = itemsOf(inEdition(list.answer, line.edition));
  const { to, ...others } = how.ids ?? {};
  const ids = { ...others, ...(to && { to: { countryCode: to.countryCode, partyId: to.partyId } }) };
  const seen = new Set<string>();
  let total = 0;
  let outcome: PeerAnswer<unknown[]> = await callEndpoint(line, anything, { base: how.base, query: how.query, ids });
  let at: URL | undefined;
  for (let pages = 1; ; pages++) {
    if (outcome.is === 'FAILED') return { is: 'STOPPED', because: outcome.because, pages: pages - 1, message: outcome.message ?? '' };
    const counted = Number(outcome.headers['x-total-count'] ?? total);
    const back = at === undefined ? undefined : stepBack(at, total - counted);
    total = counted;
    if (back === undefined) await how.take(sift(items, outcome.data));
    const next: URL | string | undefined = back ?? follow(outcome.headers.link, { at, how, seen });
    if (next === undefined) return { is: 'COMPLETE', pages };
    if (typeof next === 'string') return { is: 'STOPPED', because: next, pages, message: `The Link header was not followed: ${next}` };
    if (pages === mostPages) return { is: 'STOPPED', because: 'too_many_pages', pages, message: `Allowed: ${mostPages} pages` };
    at = next;
    outcome = await followLink(line, anything, { url: at.href, ids });
  }
}

/** The page before, as far back as the list shrank, so that what moved up is not missed; the page in hand is then not taken. */
function stepBack(at: URL, gone: number): URL | undefined {
  const offset = Number(at.searchParams.get('offset') ?? Number.NaN);
  if (!(gone > 0) || !(offset > 0)) return undefined;
  const back = new URL(at);
  back.searchParams.set('offset', `${Math.max(0, offset - gone)}`);
  return back;
}

interface Here {
  at: URL | undefined;
  how: { base: string; origins: readonly string[] };
  seen: Set<string>;
}

/** The next page; the reason not to go there; or undefined at the end. */
function follow(link: string | undefined, { at, how, seen }: Here): URL | 'foreign_link' | 'loop' | undefined {
  const address = nextPage(link);
  if (address === undefined) return undefined;
  const next = URL.parse(address, at?.href ?? how.base);
  if (next === null || !how.origins.includes(next.origin)) return 'foreign_link';
  const before = Number(at?.searchParams.get('offset') ?? 0);
  const after = next.searchParams.get('offset');
  // a step back leads to the same address again; then it is the offset that tells a loop
  const loops = after === null ? seen.has(next.href) : !(Number(after) > before);
  seen.add(next.href);
  return loops ? 'loop' : next;
}

function itemsOf(schema: TSchema): TSchema {
  const items: unknown = Reflect.get(schema, 'items');
  return typeof items === 'object' && items !== null ? items : Type.Unknown();
}

function sift(schema: TSchema, found: readonly unknown[]): CrawledPage<unknown> {
  const reads = found.map((it) => readLeniently(schema, it));
  return { items: reads.flatMap((it) => (it.ok ? [it.value.value] : [])), problems: reads.flatMap((it) => (it.ok ? [] : [it.problem])) };
}
