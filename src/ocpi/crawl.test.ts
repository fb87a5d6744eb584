import { describe, expect, test } from 'vitest';
import { type Binding, bind } from './binding.ts';
import type { PeerClient } from './call.ts';
import { type CrawledPage, crawl } from './crawl.ts';
import { page } from './envelope.ts';
import { openServer, overHttp, peerToken, validSession } from './open-server.fixture.ts';
import { nextPage, offsetAndLimit, pageHeaders } from './paging.ts';
import { getSessions } from './sessions/get-sessions.ts';
import type { WireSession } from './sessions/session.ts';
import type { HttpAnswer, Transport } from './transport.ts';

const session = (number: number): WireSession => ({ ...validSession, id: `S${number}`, auth_method: 'WHITELIST', status: 'ACTIVE' });
const many = (count: number) => Array.from({ length: count }, (_, at) => session(at));

/** A server with these sessions, oldest first; `before` may change them before a page is answered. */
const serverWith = (stored: WireSession[], before: (pageNumber: number) => void = () => {}) => {
  let pages = 0;
  return openServer((bindings) => {
    const list: Binding<string> = bind<string, typeof getSessions>(getSessions, async ({ query }) => {
      before(++pages);
      const { offset, limit } = offsetAndLimit(query);
      return page(stored.slice(offset, offset + limit), { query, total: stored.length });
    });
    return [...bindings.filter((it) => it.endpoint !== getSessions), list];
  });
};

async function crawlAll(
  base: string,
  { limit, transport = overHttp, origins = [new URL(base).origin] }: { limit?: number; transport?: Transport; origins?: string[] },
) {
  const pages: CrawledPage<WireSession>[] = [];
  const client: PeerClient = { transport, edition: '2.2.1', token: { text: peerToken, style: 'base64' } };
  const query = { date_from: '2026-01-01T00:00:00Z', ...(limit !== undefined && { limit }) };
  const take = async (page: CrawledPage<WireSession>) => {
    pages.push(page);
    return 'NEXT' as const;
  };
  const end = await crawl(client, getSessions, { base, query, origins, take });
  return { end, pages, ids: pages.flatMap(({ items }) => items.map(({ id }) => id)) };
}
const sessionsOf = (server: { base: string }) => `${server.base}/ocpi/2.2.1/sender/sessions`;
/** A transport that answers each URL by a function. */
const scripted =
  (answerTo: (url: URL) => { headers: Record<string, string>; data: unknown }): Transport =>
  async ({ url }): Promise<HttpAnswer> => {
    const { headers, data } = answerTo(new URL(url));
    return { is: 'ANSWERED', status: 200, headers, body: JSON.stringify({ data, status_code: 1000 }) };
  };

describe('a paginated list', () => {
  test('TRN-24: every page but the last has a Link, absolute and with every filter', async () => {
    await using server = await serverWith(many(5));
    const get = async (query: string) =>
      (await fetch(`${sessionsOf(server)}?${query}`, { headers: { authorization: `Token ${Buffer.from(peerToken).toString('base64')}` } })).headers;
    const first = await get('date_from=2026-01-01T00:00:00Z&date_to=2027-01-01T00:00:00&limit=2');
    expect(nextPage(first.get('link') ?? undefined)).toBe(
      `${sessionsOf(server)}?date_from=2026-01-01T00%3A00%3A00Z&date_to=2027-01-01T00%3A00%3A00&offset=2&limit=2`,
    );
    expect((await get('offset=4&limit=2')).get('link')).toBeNull();
    expect((await get('offset=3&limit=2')).get('link')).toBeNull();
    expect((await get('offset=99')).get('link')).toBeNull();
  });

  test('TRN-25, TRN-26: X-Total-Count counts all matching objects, X-Limit is the upper limit, also on a short page', () => {
    const headers = pageHeaders({ url: 'https://h/s', query: { offset: 4, limit: 2 }, total: 5, count: 1 });
    expect(headers).toEqual({ 'x-total-count': '5', 'x-limit': '1000' });
  });

  test('TRN-20, TRN-21, TRN-22: offset defaults to 0, limit defaults to 100 and is at most 1,000', () => {
    expect(offsetAndLimit({})).toEqual({ offset: 0, limit: 100 });
    expect(offsetAndLimit({ offset: 7, limit: 1_000_000_000 })).toEqual({ offset: 7, limit: 1000 });
  });

  test.each(['0', '-1', 'abc', '1.5', '1e9', ''])('TRN-21: a limit of "%s" is refused with 2001', async (limit) => {
    await using server = await serverWith(many(3));
    const response = await fetch(`${sessionsOf(server)}?limit=${limit}`, { headers: { authorization: `Token ${Buffer.from(peerToken).toString('base64')}` } });
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ status_code: 2001, status_message: expect.stringContaining('limit') }),
    ]);
  });

  test('TRN-17: all 16 combinations of the four optional parameters are answered', async () => {
    await using server = await serverWith(many(3));
    const parameters = ['date_from=2026-01-01T00:00:00Z', 'date_to=2027-01-01T00:00:00.5', 'offset=1', 'limit=2'];
    for (let mask = 0; mask < 16; mask++) {
      const query = parameters.filter((_, at) => mask & (1 << at)).join('&');
      const response = await fetch(`${sessionsOf(server)}?${query}`, { headers: { authorization: `Token ${Buffer.from(peerToken).toString('base64')}` } });
      expect([query, await response.json()]).toEqual([query, expect.objectContaining({ status_code: 1000, data: expect.any(Array) })]);
    }
  });

  test('the next page is found in any valid Link header', () => {
    expect(nextPage('<https://h/a,b?x=1>; rel="prev", <https://h/c?y=2>; title="x"; rel="next"')).toBe('https://h/c?y=2');
    expect(nextPage('<https://h/c>;rel=next')).toBe('https://h/c');
    for (const none of [undefined, '', 'https://h/c; rel="next"', '<https://h/c>; rel="last"', '<https://h/c>; rel="nextish"'])
      expect(nextPage(none)).toBeUndefined();
  });
});

describe('a crawl', () => {
  test('TRN-24: gets every object once, in order, and ends after the last page', async () => {
    await using server = await serverWith(many(23));
    const { end, ids } = await crawlAll(sessionsOf(server), { limit: 5 });
    expect(end).toEqual({ is: 'COMPLETE', pages: 5 });
    expect(ids).toEqual(many(23).map(({ id }) => id));
  });

  test('TRN-16: a page with 7 invalid objects gives the 93 valid ones and 7 problems', async () => {
    const data = many(100).map((it, at) => (at % 15 === 0 ? { ...it, cdr_token: 'much' } : it));
    const { end, pages } = await crawlAll('https://peer.example/s', { transport: scripted(() => ({ headers: {}, data })) });
    expect([end.is, pages[0]?.items.length, pages[0]?.problems]).toEqual(['COMPLETE', 93, Array(7).fill(expect.stringContaining('cdr_token: found "much"'))]);
  });

  test.each([1, 3])('TRN-27: when the list shrinks by %i during the crawl, no remaining object is missed', async (removed) => {
    const stored = many(20);
    await using server = await serverWith(stored, (pageNumber) => void (pageNumber === 3 && stored.splice(2, removed)));
    const { end, ids } = await crawlAll(sessionsOf(server), { limit: 4 });
    expect(end.is).toBe('COMPLETE');
    expect(stored.map(({ id }) => id).filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('TRN-28: when the list grows during the crawl, the last page has the new object', async () => {
    const stored = many(8);
    await using server = await serverWith(stored, (pageNumber) => void (pageNumber === 2 && stored.push(session(99))));
    const { end, ids } = await crawlAll(sessionsOf(server), { limit: 4 });
    expect([end, ids.at(-1)]).toEqual([{ is: 'COMPLETE', pages: 3 }, 'S99']);
  });

  test('TRN-29: a Link to another origin is not followed', async () => {
    for (const link of [
      'https://evil.example/s?offset=1',
      'http://peer.example/s?offset=1',
      'https://peer.example:8443/s?offset=1',
      'javascript:1',
      'https://peer.example@evil.example/s',
    ]) {
      const visited: string[] = [];
      const transport = scripted((url) => {
        visited.push(url.host);
        return { headers: { link: `<${link}>; rel="next"` }, data: [] };
      });
      const { end } = await crawlAll('https://peer.example/s', { transport });
      expect([link, end]).toEqual([link, expect.objectContaining({ is: 'STOPPED', because: 'foreign_link' })]);
      expect(visited).toHaveLength(1);
    }
  });

  test.each(['https://peer.example/s?offset=1', 'https://peer.example/s?offset=0', 'https://peer.example/s?cursor=a'])(
    'TRN-29: a Link that returns to %s is a loop',
    async (again) => {
      const { end } = await crawlAll('https://peer.example/s', { transport: scripted(() => ({ headers: { link: `<${again}>; rel="next"` }, data: [] })) });
      expect(end).toMatchObject({ is: 'STOPPED', because: 'loop' });
    },
  );

  test('TRN-29: ends after 10,000 pages', async () => {
    const transport = scripted((url) => ({
      headers: { link: `<https://peer.example/s?offset=${Number(url.searchParams.get('offset') ?? 0) + 1}>; rel="next"` },
      data: [],
    }));
    const { end, pages } = await crawlAll('https://peer.example/s', { transport });
    expect([end, pages.length]).toEqual([expect.objectContaining({ is: 'STOPPED', because: 'too_many_pages', pages: 10_000 }), 10_000]);
  });

  test('a page that fails ends the crawl with the cause', async () => {
    const transport: Transport = async ({ url }) =>
      url.includes('offset')
        ? { is: 'FAILED', because: 'timeout', sent: true, detail: 'no answer in 10 s' }
        : {
            is: 'ANSWERED',
            status: 200,
            headers: { link: '<https://peer.example/s?offset=2>; rel="next"' },
            body: JSON.stringify({ data: many(2), status_code: 1000 }),
          };
    const { end, ids } = await crawlAll('https://peer.example/s', { transport });
    expect([end, ids]).toEqual([{ is: 'STOPPED', because: 'timeout', pages: 1, message: 'no answer in 10 s' }, ['S0', 'S1']]);
  });
});
