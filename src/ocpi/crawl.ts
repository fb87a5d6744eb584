import { type TSchema, Type } from 'typebox';
import { callEndpoint, followLink, type Ids, type PeerClient } from './call.ts';
import { inEdition } from './editions.ts';
import { type Answer, type Endpoint, nothing } from './endpoint.ts';
import type { HubName, PartyName } from './headers.ts';
import { nextPage, type PageQuery } from './paging.ts';
import { readLeniently } from './patience/read-leniently.ts';
import type { PeerAnswer } from './peer-answer.ts';

const anyList = Type.Array(Type.Unknown());
/** Pages that one crawl gets at most (SEC-33). */
const maxPages = 10_000;

/** One page of a crawl: the valid objects, and one problem text for each invalid object (TRN-16). */
export interface CrawledPage<T> {
  items: readonly T[];
  problems: readonly string[];
}

/** How a crawl ended. `because` of STOPPED: foreign_link, loop, too_many_pages, not_taken, or the reason why the last page failed. */
export type CrawlEnd = { is: 'COMPLETE'; pages: number } | { is: 'STOPPED'; because: string; pages: number; message: string };

type Item<E extends Endpoint> = Answer<E> extends readonly (infer T)[] ? T : never;
/** Which list to crawl, and what to do with its pages. */
export interface Crawl<T> {
  /** The list's URL from the peer's version details. */
  base: string;
  query: PageQuery;
  /** Origins (scheme, host, port) that are registered for the peer; a Link to another origin is not followed (TRN-29). */
  origins: readonly string[];
  /** With a hub as receiver the list holds the objects of all parties behind it, each with its owner's name (RTE-13, RTE-14). */
  ids?: Omit<Ids, 'requestId' | 'to'> & { to?: PartyName | HubName };
  /** Called with each page in turn; the next page is requested when it resolves, unless it resolves with `STOP`. An object may come twice. */
  take(page: CrawledPage<T>): Promise<'NEXT' | 'STOP'>;
}

/** Gets all pages of a list one after the other; goes back when the list shrinks meanwhile, so that no object is missed (TRN-27). */
export function crawl<E extends Endpoint>(client: PeerClient, list: E, how: Crawl<Item<E>>): Promise<CrawlEnd>;
// Each object was checked against the list's own schema; the compiler cannot follow that through a type parameter.
export async function crawl(client: PeerClient, list: Endpoint, how: Crawl<unknown>): Promise<CrawlEnd> {
  const anything = { ...list, answer: anyList, query: list.query, body: nothing, path: '' as const };
  const items = itemSchema(inEdition(list.answer, client.edition));
  const { to, ...others } = how.ids ?? {};
  const ids = { ...others, ...(to && { to: { countryCode: to.countryCode, partyId: to.partyId } }) };
  const seen = new Set<string>();
  let total = 0;
  let answer: PeerAnswer<unknown[]> = await callEndpoint(client, anything, { base: how.base, query: how.query, ids });
  let at: URL | undefined;
  for (let pages = 1; ; pages++) {
    if (answer.is === 'FAILED') return { is: 'STOPPED', because: answer.because, pages: pages - 1, message: answer.message ?? '' };
    const counted = Number(answer.headers['x-total-count'] ?? total);
    const back = at === undefined ? undefined : stepBack(at, total - counted);
    total = counted;
    if (back === undefined && (await how.take(validItems({ client, list, to }, items, answer.data))) === 'STOP')
      return { is: 'STOPPED', because: 'not_taken', pages, message: 'The objects of this page were not all taken' };
    const next: URL | string | undefined = back ?? follow(answer.headers.link, { at, how, seen });
    if (next === undefined) return { is: 'COMPLETE', pages };
    if (typeof next === 'string') return { is: 'STOPPED', because: next, pages, message: `The Link header was not followed: ${next}` };
    if (pages === maxPages) return { is: 'STOPPED', because: 'too_many_pages', pages, message: `pages: found more, allowed: ${maxPages}` };
    at = next;
    answer = await followLink(client, anything, { url: at.href, ids });
  }
}

/** The URL of an earlier offset, as far back as the list shrank: objects moved to lower offsets. The current page is then not taken. */
function stepBack(at: URL, removed: number): URL | undefined {
  const offset = Number(at.searchParams.get('offset') ?? Number.NaN);
  if (!(removed > 0) || !(offset > 0)) return undefined;
  const back = new URL(at);
  back.searchParams.set('offset', `${Math.max(0, offset - removed)}`);
  return back;
}

interface CrawlPosition {
  at: URL | undefined;
  how: { base: string; origins: readonly string[] };
  seen: Set<string>;
}

/** The URL of the next page, the reason why it must not be requested, or undefined after the last page. */
function follow(link: string | undefined, { at, how, seen }: CrawlPosition): URL | 'foreign_link' | 'loop' | undefined {
  const address = nextPage(link);
  if (address === undefined) return undefined;
  const next = URL.parse(address, at?.href ?? how.base);
  if (next === null || !how.origins.includes(next.origin)) return 'foreign_link';
  const before = Number(at?.searchParams.get('offset') ?? 0);
  const after = next.searchParams.get('offset');
  // After a step back the same URL comes again, so URLs with an offset are checked by the offset.
  const loops = after === null ? seen.has(next.href) : !(Number(after) > before);
  seen.add(next.href);
  return loops ? 'loop' : next;
}

function itemSchema(list: TSchema): TSchema {
  const items: unknown = Reflect.get(list, 'items');
  return typeof items === 'object' && items !== null ? items : Type.Unknown();
}

interface CrawledList {
  client: PeerClient;
  list: Endpoint;
  /** The party whose list it is; a hub lists the objects of all parties behind it. */
  to: PartyName | HubName | undefined;
}

function validItems({ client: { patience }, list, to }: CrawledList, schema: TSchema, found: readonly unknown[]): CrawledPage<unknown> {
  const url = to && !to.hub ? { country_code: to.countryCode, party_id: to.partyId } : {};
  const reads = found.map((it) => readLeniently(schema, it, { url, ...(patience && { strict: patience.strict, now: patience.now() }) }));
  for (const read of reads) if (read.ok && read.value.deviations.length > 0) patience?.note(list.name, read.value.deviations);
  return { items: reads.flatMap((it) => (it.ok ? [it.value.value] : [])), problems: reads.flatMap((it) => (it.ok ? [] : [it.problem])) };
}
