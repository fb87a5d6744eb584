import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import type { PartnerAnswer } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { locationUrl, moment, openEmspWorld, remoteLocation, remoteSession } from '../emsp-world.ts';
import type { Steps } from '../steps.ts';
import { connectRaw } from '../store/old-store.ts';
import { limitsWith } from '../usual-limits.ts';
import { openWorld, stores } from '../world.ts';
import { codeOf, statusMessageOf } from './platform.fixture.ts';
import { openEmspAt, remoteToken } from './tokens.fixture.ts';

const other = { country_code: 'NL', party_id: 'TNM' };
const clockAtTen = () => virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
const card = (n: number, more: object = {}) => remoteToken({ uid: `CAFE0${n}`, ...more });
const eventsOf = ({ steps }: Steps, kind: string) => steps.filter((it) => it.step === 'security' && it.kind === kind);
const waitOf = ({ headers }: PartnerAnswer) => headers.get('retry-after');
const REFUSED = '200 2000';

/** Limits under which a party may send three messages to each module, then one in 10 s. */
const threeMessages = limitsWith({ messages: { burst: 3, every: 10 } });
const twoObjects = limitsWith({ stored: { tokens: 2, sessions: 2, locations: 2 } });

describe.each(stores)('the messages of one party (%s)', (store) => {
  test('R-10: tokens that come too fast are HTTP 429 with Retry-After; other parties and modules go on, and the same party later', async () => {
    const clock = clockAtTen();
    await using world = await openWorld({ store, clock, config: { limits: threeMessages } });
    const [first, second] = [await openEmspAt(world), await openEmspAt(world, { party: other })];
    for (const n of [1, 2, 3]) expect(codeOf(await first.tokens.put(card(n)))).toBe('201 1000');
    const tooFast = await first.tokens.put(card(4));
    expect([codeOf(tooFast), waitOf(tooFast), statusMessageOf(tooFast)]).toEqual([
      '429 2000',
      '10',
      'tokens: found more messages than this node takes from one party; the next in 10 s',
    ]);
    expect(codeOf(await second.tokens.put(card(5, other)))).toBe('201 1000');
    expect((await first.pullLocations()).length).toBeGreaterThan(0);
    expect(eventsOf(world, 'too-many-messages')).toMatchObject([{ peer: 'NL*MSP' }]);
    expect(await (await fetch(`${world.node().publicUrl}/metrics`)).text()).toContain('evenkeel_security_events_total{kind="too-many-messages"} 1');
    await clock.advance(10_000);
    expect([codeOf(await first.tokens.put(card(4))), codeOf(await first.tokens.put(card(6)))]).toEqual(['201 1000', '429 2000']);
  });

  test('R-10: so are charging preferences', async () => {
    const clock = clockAtTen();
    await using world = await openWorld({ store, clock, config: { limits: threeMessages } });
    const emsp = await world.emsp();
    const answers = [];
    for (let n = 0; n < 4; n++) answers.push((await emsp.prefer('no-such-session', { profile_type: 'FAST' })).http);
    expect(answers).toEqual([404, 404, 404, 429]);
  });

  test('R-10: so are sessions, locations, active profiles and results', async () => {
    await using world = await openEmspWorld({ store, clock: clockAtTen(), config: { limits: threeMessages } });
    const cpo = await world.cpo();
    const result = `${cpo.peer().endpoints.find(({ identifier, role }) => identifier === 'chargingprofiles' && role === 'SENDER')?.url}/results-of-set-charging-profile/1`;
    const active = { start_date_time: moment(0), charging_profile: { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 8 }] } };
    const messages: Record<string, () => Promise<PartnerAnswer>> = {
      sessions: () => cpo.put(remoteSession('s1')),
      locations: () => cpo.send({ method: 'PUT', url: locationUrl(cpo, 'LOC1'), body: remoteLocation('LOC1') }),
      chargingprofiles: () => cpo.pushActiveProfile('s1', active),
    };
    for (const [module, send] of Object.entries(messages)) {
      const answers = [await send(), await send(), await send(), await send()].map(({ http }) => http);
      expect([module, answers.slice(0, 3).includes(429), answers[3]]).toEqual([module, false, 429]);
    }
    expect((await cpo.post(result, { result: 'ACCEPTED' })).http).toBe(429);
  });
});

describe.each(stores)('the stored objects of one party (%s)', (store) => {
  test('R-10: a token beyond the quota is refused, also after a restart; a stored token can be changed, and other parties have their own quota', async () => {
    const clock = clockAtTen();
    await using world = await openWorld({ store, clock, config: { limits: twoObjects } });
    const [first, second] = [await openEmspAt(world), await openEmspAt(world, { party: other })];
    expect([codeOf(await first.tokens.put(card(1))), codeOf(await first.tokens.put(card(2)))]).toEqual(['201 1000', '201 1000']);
    const refused = await first.tokens.put(card(3));
    expect([codeOf(refused), statusMessageOf(refused)]).toEqual([REFUSED, 'this party has sent more objects than this node stores for one party']);
    expect((await first.tokens.readBack('CAFE03')).http).toBe(404);
    expect(codeOf(await first.tokens.put(card(2, { valid: false, last_updated: moment(60) })))).toBe('200 1000');
    expect(codeOf(await second.tokens.put(card(1, other)))).toBe('201 1000');
    expect(eventsOf(world, 'quota-reached')).toMatchObject([{ peer: 'NL*MSP', party: 'NL*MSP', says: expect.stringContaining('limits.stored.tokens') }]);
    await world.restart();
    expect(codeOf(await first.tokens.put(card(3)))).toBe(REFUSED);
  });

  test('R-10: a pull stops at the quota and reports it', async () => {
    const clock = clockAtTen();
    await using world = await openWorld({ store, clock, config: { limits: twoObjects } });
    const emsp = await world.emsp({ tokens: [1, 2, 3, 4, 5, 6].map((n) => card(n)), pageSize: 1 });
    await world.firstStep('security', (it) => it.kind === 'quota-reached');
    const held = async () => (await Promise.all([1, 2, 3, 4, 5, 6].map((n) => emsp.tokens.readBack(`CAFE0${n}`)))).map(({ http }) => http);
    expect(await held()).toEqual([200, 200, 404, 404, 404, 404]);
    await clock.advance(30_000);
    const pages = emsp.requests
      .filter(({ method, module }) => method === 'GET' && module === 'tokens')
      .map(({ url }) => new URL(url).searchParams.get('offset'));
    expect(Math.max(...pages.map(Number))).toBe(2);
    expect(await held()).toEqual([200, 200, 404, 404, 404, 404]);
  });

  test('R-10: sessions and locations beyond the quota are refused; room is found again a minute after objects are gone', async () => {
    const clock = clockAtTen();
    await using world = await openEmspWorld({ store, clock, config: { limits: twoObjects } });
    const [cpo, another] = [await world.cpo(), await world.cpo({ party: other })];
    const putLocation = (id: string) => cpo.send({ method: 'PUT', url: locationUrl(cpo, id), body: remoteLocation(id) });
    const ended = { status: 'COMPLETED', end_date_time: moment(60) };
    expect([codeOf(await cpo.put(remoteSession('s1', ended))), codeOf(await cpo.put(remoteSession('s2', ended)))]).toEqual(['201 1000', '201 1000']);
    expect(codeOf(await cpo.put(remoteSession('s3', ended)))).toBe(REFUSED);
    expect(codeOf(await another.put(remoteSession('s3', { ...ended, ...other })))).toBe('201 1000');
    const places = [await putLocation('LOC1'), await putLocation('LOC2'), await putLocation('LOC3'), await putLocation('LOC1')];
    expect(places.map(codeOf)).toEqual(['201 1000', '201 1000', REFUSED, '200 1000']);
    await using raw = await connectRaw(world.settings().database);
    await raw.run("DELETE FROM session WHERE key LIKE '%S1'");
    expect(codeOf(await cpo.put(remoteSession('s3', ended)))).toBe(REFUSED);
    await clock.advance(60_000);
    // 200: a pull of the sessions of this CPO has brought it in the meantime.
    expect(codeOf(await cpo.put(remoteSession('s3', ended)))).toMatch(/^20[01] 1000$/);
  });
});
