import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { type Emsp, openEmsp, type PartnerAnswer } from '../../sim/partner.ts';
import { fold, partyKey, sessionKey, stationId } from '../../src/domain/ids.ts';
import { profileIdOf } from '../../src/domain/stable-numbers.ts';
import { readDateTime } from '../../src/ocpi/date-time.ts';
import { saveSession } from '../../src/store/sql/session.ts';
import { remoteSession } from '../emsp-world.ts';
import { stores } from '../world.ts';
import { codeOf, DEAD_STATION, inviteAt, openPlatform, type Platform, sendRequest } from './platform.fixture.ts';

/** A moment with microseconds: the finest that a store keeps. */
const at = (second: number, micros = 0) =>
  `2026-01-01T00:${String(Math.floor(second / 60)).padStart(2, '0')}:${(second % 60).toString().padStart(2, '0')}.${String(micros).padStart(6, '0')}Z`;

interface Seed {
  id: string;
  owner: 'MSP' | 'TNM';
  last_updated: string;
}
/** Two hundred and fifty sessions, of which every fifth is another party's; several share a moment, and order of creation is not that of change. */
const seeds: readonly Seed[] = Array.from({ length: 250 }, (_, n) => ({
  id: `S${String(n).padStart(3, '0')}`,
  owner: n % 5 === 4 ? 'TNM' : 'MSP',
  last_updated: at((n * 37) % 100, (n % 3) * 1_000 + (n % 2)),
}));

const write = ({ id, owner, last_updated }: Seed) => {
  // The contract's id begins with another party's name, which decides nothing (CRE-31).
  const body = remoteSession(id, {
    party_id: 'EVK',
    last_updated,
    cdr_token: { country_code: 'NL', party_id: owner, uid: `U${id}`, type: 'RFID', contract_id: owner === 'MSP' ? 'NL-TNM-C1' : 'NL-MSP-C1' },
  });
  const key = sessionKey('NL', 'EVK', id);
  return saveSession({
    key,
    peer: undefined,
    foldedId: fold(id),
    tokenParty: partyKey('NL', owner),
    status: 'ACTIVE',
    lastUpdated: readDateTime(last_updated) ?? expect.fail('no such moment'),
    body,
    station: stationId(DEAD_STATION),
    evseUid: 'E1',
    transactionId: `T${id}`,
    profileId: profileIdOf(key),
    progress: undefined,
    driver: undefined,
    receiver: undefined,
    locationId: 'LOC1',
  });
};

const microsOf = (text: string) => readDateTime(text) ?? 0;
const idsIn = ({ data }: PartnerAnswer): string[] => (Array.isArray(data) ? data.map((it) => it.id) : expect.fail('data is no list'));
const nextIn = ({ headers }: PartnerAnswer) => /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];

describe.each(stores)('the list of sessions (%s)', (store) => {
  let platform: Platform;
  const peers: Emsp[] = [];
  beforeAll(async () => {
    platform = await openPlatform({ store });
    await platform.store.commit(seeds.map(write));
    for (const party_id of ['MSP', 'TNM']) {
      const emsp = await openEmsp({ clock: realClock(), party: { country_code: 'NL', party_id } });
      expect(codeOf(await emsp.register(await inviteAt(platform, party_id)))).toBe('200 1000');
      peers.push(emsp);
    }
  });
  afterAll(async () => {
    for (const peer of peers) await peer[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  });

  const tokenOf = (owner: Seed['owner']) => peers[owner === 'MSP' ? 0 : 1]?.peer().token ?? '';
  const list = (query: Record<string, string | number> = {}, owner: Seed['owner'] = 'MSP') => {
    const text = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString();
    return sendRequest(`GET ${platform.url}/ocpi/2.2.1/sender/sessions${text && `?${text}`}`, { token: tokenOf(owner) });
  };
  const matching = (query: { date_from?: string; date_to?: string }, owner: Seed['owner'] = 'MSP') =>
    seeds
      .filter((it) => it.owner === owner)
      .filter((it) => microsOf(it.last_updated) >= microsOf(query.date_from ?? at(0)))
      .filter((it) => query.date_to === undefined || microsOf(it.last_updated) < microsOf(query.date_to))
      .map((it) => it.id);

  test('TRN-17, TRN-20, TRN-22, TRN-25, SES-05, SES-06: each of the sixteen ways to ask gives the slice that a model gives', async () => {
    const whole = { date_from: at(20), date_to: at(80, 1), offset: '7', limit: '12' };
    for (let mask = 0; mask < 16; mask++) {
      const query = Object.fromEntries(Object.entries(whole).filter((_, n) => mask & (1 << n)));
      const all = matching(query);
      const answer = await list(query);
      const offset = Number(query.offset ?? 0);
      expect([mask, codeOf(answer), idsIn(answer)]).toEqual([mask, '200 1000', all.slice(offset, offset + Number(query.limit ?? 100))]);
      expect(answer.headers.get('x-total-count')).toBe(String(all.length));
    }
  });

  test('TRN-18, TRN-19: from is in the window, to is not, down to the microsecond', async () => {
    const date = seeds[0]?.last_updated ?? '';
    const holders = matching({ date_from: date, date_to: `${date.slice(0, -2)}1Z` });
    expect(idsIn(await list({ date_from: date, date_to: `${date.slice(0, -2)}1Z` }))).toEqual(holders);
    expect(holders).toContain('S000');
    expect(idsIn(await list({ date_to: date }))).not.toContain('S000');
    expect(idsIn(await list({ date_from: date, date_to: date }))).toEqual([]);
  });

  test('TRN-18, TRN-19: windows side by side lose nothing and show nothing twice', async () => {
    const moment = fc.tuple(fc.nat(99), fc.nat(2_002)).map(([second, micros]) => at(second, micros));
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { minLength: 1, maxLength: 4 }), async (cuts) => {
        const edges = [at(0), ...cuts.toSorted(), at(120)];
        const pages = await Promise.all(edges.slice(1).map((date_to, n) => list({ date_from: edges[n] ?? '', date_to, limit: 1000 })));
        expect(pages.flatMap(idsIn).toSorted()).toEqual(matching({}));
      }),
      { seed: 20_260_131, numRuns: 25 },
    );
  });

  test('TRN-20, TRN-40: an offset of 0 is as good as none, and one beyond the end is an empty list', async () => {
    expect(idsIn(await list({ offset: 0 }))).toEqual(idsIn(await list()));
    for (const offset of [200, 201, Number.MAX_SAFE_INTEGER]) {
      const answer = await list({ offset });
      expect([offset, codeOf(answer), answer.data, nextIn(answer)]).toEqual([offset, '200 1000', [], undefined]);
      expect(answer.headers.get('x-total-count')).toBe('200');
    }
  });

  test('TRN-21, TRN-26, SEC-26: what is asked for above the bound is cut to it, and X-Limit tells the bound on every page', async () => {
    const answer = await list({ limit: 1_000_000_000 });
    expect(idsIn(answer)).toHaveLength(200);
    for (const query of [{ limit: 1_000_000_000 }, { limit: 1 }, { offset: 195, limit: 50 }]) expect((await list(query)).headers.get('x-limit')).toBe('1000');
  });

  test.each([
    ['limit', '0'],
    ['limit', '-1'],
    ['limit', 'abc'],
    ['limit', '1.5'],
    ['limit', '1e9'],
    ['offset', '-1'],
    ['offset', 'NaN'],
    ['offset', '99999999999999999999'],
    ['date_from', 'yesterday'],
    ['date_to', '2026-02-30T00:00:00Z'],
    ['date_from', '2026-01-01T00:00:00+25:00'],
  ])('TRN-21, STA-09, TYP-04: %s=%s is 2001 and names the field', async (name, value) => {
    const answer = await list({ [name]: value });
    expect(codeOf(answer)).toBe('200 2001');
    expect(answer.envelope.status_message).toMatch(new RegExp(`^${name}: `));
  });

  test.each(['2.2.1', '2.3.0'])('TRN-24, TRN-52: Link leads over all pages of %s with the filters kept, and stops at the last', async (edition) => {
    const filters = { date_from: at(10), date_to: at(90) };
    const seen: string[] = [];
    const urls: string[] = [];
    let url: string | undefined = `${platform.url}/ocpi/${edition}/sender/sessions?${new URLSearchParams({ ...filters, limit: '17' })}`;
    while (url) {
      const answer: PartnerAnswer = await sendRequest(`GET ${url}`, { token: tokenOf('MSP') });
      seen.push(...idsIn(answer));
      url = nextIn(answer);
      if (url) urls.push(url);
    }
    expect(seen).toEqual(matching(filters));
    expect(urls).toHaveLength(Math.ceil(seen.length / 17) - 1);
    for (const it of urls) {
      expect(it.startsWith(`${platform.url}/ocpi/${edition}/`)).toBe(true);
      expect(Object.fromEntries(new URL(it).searchParams)).toMatchObject({ ...filters, limit: '17' });
    }
  });

  test('TRN-15, TRN-25, CRE-31, SEC-15: nobody sees or counts a session of another party', async () => {
    for (const owner of ['MSP', 'TNM'] as const) {
      const answer = await list({ limit: 1000 }, owner);
      expect(idsIn(answer)).toEqual(matching({}, owner));
      expect(answer.headers.get('x-total-count')).toBe(String(matching({}, owner).length));
    }
  });

  test('TRN-23: while sessions change and come in, a crawl misses none that was there throughout', async () => {
    const seen: string[] = [];
    for (let offset = 0, page = 0; ; page++) {
      const answer = await list({ offset, limit: 40 });
      if (idsIn(answer).length === 0) break;
      seen.push(...idsIn(answer));
      offset = seen.length;
      const touched = seeds.filter((it) => it.owner === 'MSP').slice(page * 3, page * 3 + 3);
      if (page < 4) await platform.store.commit([...touched.map((it) => write({ ...it, last_updated: at(110, page) })), write(newcomer(page))]);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seeds.filter((it) => it.owner === 'MSP' && !seen.includes(it.id))).toEqual([]);
  });
  const newcomer = (n: number): Seed => ({ id: `N${n}`, owner: 'MSP', last_updated: at(111, n) });
});
