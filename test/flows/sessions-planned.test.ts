import { describe, expect, test } from 'vitest';
import type { ChargingPreferences } from '../../src/domain/preferences.ts';
import { epochSeconds, wattHours } from '../../src/domain/units.ts';
import { moment, remoteSession, sessionKeyOf } from '../emsp-world.ts';
import { openApiClient } from '../operator-api.ts';
import { stores } from '../world.ts';
import { openPlanned, type Planned } from './planned.fixture.ts';

const ended = (second: number) => ({ status: 'COMPLETED', end_date_time: moment(second), last_updated: moment(second) });
const active = (limit: number) => ({
  start_date_time: moment(0),
  charging_profile: { charging_rate_unit: 'A', duration: 900, charging_profile_period: [{ start_period: 0, limit }] },
});
const cheap: ChargingPreferences = {
  profileType: 'CHEAP',
  departure: epochSeconds(Date.UTC(2026, 0, 31, 12) / 1000),
  energyNeed: wattHours(4_000),
  dischargeAllowed: false,
};
/** Opens a site with two sessions that both have a limit of 16 A. */
async function openShared(...settings: Parameters<typeof openPlanned>): Promise<Planned> {
  const it = await openPlanned(...settings);
  for (const id of ['s1', 's2']) await it.cpo.put(remoteSession(id));
  await it.sets(2);
  await it.pass(40);
  return it;
}
const setsOf = async (it: Planned) => it.sets(0);

describe.each(stores)('an SCSP node with the sessions of a site (%s)', (store) => {
  test('CP-40: two sessions share the limit of the site, and after one has ended the other gets all of it', async () => {
    await using it = await openPlanned(store);
    await it.cpo.put(remoteSession('s1'));
    expect(await it.sets(1)).toMatchObject([{ session: 's1', unit: 'A', limits: [[0, 32]] }]);
    await it.pass(30);
    await it.cpo.put(remoteSession('s2'));
    expect(
      (await it.sets(3))
        .slice(1)
        .map(({ session, limits }) => [session, limits])
        .toSorted(),
    ).toEqual([
      ['s1', [[0, 16]]],
      ['s2', [[0, 16]]],
    ]);
    await it.pass(31);
    await it.cpo.patch('s2', ended(90));
    expect((await it.sets(4)).at(-1)).toMatchObject({ session: 's1', limits: [[0, 32]] });
  });

  test('SES-52, SES-57: preferences survive a restart; a session that waits for a lower price is reduced first, and then the other is raised', async () => {
    const prices = [
      { from: moment(0), price: 0.4 },
      { from: moment(3_600), price: 0.1 },
    ];
    await using it = await openShared(store, { prices, profileAnswers: { PUT: { after: 5_000 } } });
    const before = (await setsOf(it)).length;
    expect(await it.world.node().prefer(sessionKeyOf(it.cpo, 's1'), { ...cheap, profileType: 'GREEN' })).toBe('PROFILE_TYPE_NOT_SUPPORTED');
    expect(await it.world.node().prefer(sessionKeyOf(it.cpo, 's1'), cheap)).toBe('ACCEPTED');
    const [first, second] = (await it.sets(before + 2)).slice(before);
    expect([first?.session, first?.limits.slice(0, 2), second?.session, second?.limits.slice(0, 2)]).toEqual([
      's1',
      [
        [0, 0],
        [expect.any(Number), 16],
      ],
      's2',
      [
        [0, 32],
        [expect.any(Number), 16],
      ],
    ]);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(5);

    await it.world.stop();
    await it.world.start();
    const again = (await it.sets(before + 3)).slice(before + 2);
    expect(again.find(({ session }) => session === 's1')?.limits[0]).toEqual([0, 0]);
  });
});

test('CP-34: an SCSP node sends no profile for a session before it is ACTIVE', async () => {
  await using it = await openPlanned('sqlite');
  await it.cpo.put(remoteSession('s1', { status: 'PENDING' }));
  await it.cpo.put(remoteSession('s2'));
  expect((await it.sets(1)).map(({ session }) => session)).toEqual(['s2']);
  await it.pass(5);
  expect(await it.sets(1)).toHaveLength(1);
  await it.cpo.put(remoteSession('s1', { status: 'ACTIVE', last_updated: moment(60) }));
  expect((await it.sets(2)).map(({ session }) => session)).toContain('s1');
});

describe('an SCSP node after an answer to its plan', () => {
  test('CP-11: TOO_OFTEN doubles the time until the next attempt; there are at most three attempts in ten minutes', async () => {
    await using it = await openPlanned('sqlite', { profileAnswers: { PUT: { answer: 'TOO_OFTEN' } } });
    await it.cpo.put(remoteSession('s1'));
    await it.sets(3);
    await it.clock.advance(400_000);
    const times = (await it.sets(4)).map(({ at }) => at);
    const gaps = times.slice(1).map((at, n) => at - (times[n] ?? 0));
    for (const [n, gap] of [60, 120, 420].entries()) expect(Math.abs((gaps[n] ?? 0) - gap)).toBeLessThanOrEqual(2);
  });

  test('CP-11: after a plan was REJECTED twice for one reason, the session gets no more plans', async () => {
    await using it = await openPlanned('sqlite', { profileAnswers: { PUT: { later: { result: 'REJECTED' } } } });
    await it.cpo.put(remoteSession('s1'));
    await it.sets(2);
    await it.pass(5);
    expect(await it.world.node().prefer(sessionKeyOf(it.cpo, 's1'), { profileType: 'FAST', dischargeAllowed: false })).toBe('NOT_POSSIBLE');
    await it.clock.advance(900_000);
    expect(await setsOf(it)).toHaveLength(2);
  });

  test('CP-11: after NOT_SUPPORTED the session gets no more plans, and the others share what its maximum leaves', async () => {
    await using it = await openPlanned('sqlite', { sites: [{ location_id: 'loc1', limit: 40, unit: 'A' }] });
    await it.cpo.put(remoteSession('s1'));
    await it.sets(1);
    it.cpo.answerProfiles({ PUT: { answer: 'NOT_SUPPORTED' } });
    await it.cpo.put(remoteSession('s2'));
    await it.sets(2);
    it.cpo.answerProfiles({ PUT: { answer: 'ACCEPTED' } });
    expect((await it.sets(3)).slice(1)).toMatchObject([
      { session: 's2', limits: [[0, 20]] },
      { session: 's1', limits: [[0, 8]] },
    ]);
  });

  test('CP-11: after UNKNOWN_SESSION the sessions are pulled again, and the session is no longer planned', async () => {
    await using it = await openPlanned('sqlite');
    const pulls = () => it.cpo.requests.filter(({ module, method }) => module === 'sessions' && method === 'GET').length;
    const before = pulls();
    const pushed = it.cpo.put(remoteSession('s1'));
    it.cpo.sessions.delete('s1');
    await pushed;
    await it.sets(1);
    await it.pass(5);
    expect(pulls()).toBe(before + 1);
    await it.clock.advance(900_000);
    expect(await setsOf(it)).toHaveLength(1);
  });

  test.each([
    ['it is the plan, and nothing is sent', 32, 1],
    ['it differs, and a new plan is sent', 10, 2],
  ])('CP-44: without a result the node gets the active profile: %s', async (_, limit, sets) => {
    const profileAnswers = { PUT: { times: 0, timeout: 40 }, GET: { later: { result: 'ACCEPTED', profile: active(limit) } } };
    await using it = await openPlanned('sqlite', { profileAnswers });
    await it.cpo.put(remoteSession('s1'));
    await it.sets(1);
    const received = it.world.nextStep('result-received', ({ kind }) => kind === 'get');
    await it.clock.advance(40_000);
    await it.pass(6);
    await received;
    await it.pass(10);
    expect(await setsOf(it)).toHaveLength(sets);
  });

  test('CP-18: a plan is sent again when the active profile is above it, but not when the CPO limits the session further', async () => {
    await using it = await openShared('sqlite');
    const before = (await setsOf(it)).length;
    await it.cpo.pushActiveProfile('s2', active(6));
    await it.pass(5);
    expect(await setsOf(it)).toHaveLength(before);
    await it.cpo.pushActiveProfile('s1', active(32));
    expect((await it.sets(before + 1)).slice(before)).toMatchObject([{ session: 's1', limits: [[0, 16]] }]);
  });

  test('CON-X05: a plan that was taken back and refused twice is sent again when the CPO reports what holds, and counts as installed only while it is', async () => {
    await using it = await openPlanned('sqlite', { sites: [{ location_id: 'LOC1', limit: 16, unit: 'A' }] });
    const api = await openApiClient(it.world.node(), 'view');
    const installed = async () => {
      const { sessions }: { sessions?: { installed: boolean }[] } = (await api.request('GET plan')).body;
      return sessions?.[0]?.installed;
    };
    await it.cpo.put(remoteSession('s1'));
    await it.sets(1);
    await it.pass(40);
    expect(await installed()).toBe(true);
    it.cpo.answerProfiles({ PUT: { answer: 'REJECTED' } });
    await it.cpo.pushActiveProfile('s1', active(32));
    await it.sets(3);
    await it.pass(5);
    expect(await installed()).toBe(false);
    await it.clock.advance(300_000);
    expect(await setsOf(it)).toHaveLength(3);
    it.cpo.answerProfiles({ PUT: { answer: 'ACCEPTED' } });
    await it.cpo.pushActiveProfile('s1', active(32));
    expect((await it.sets(4)).at(-1)).toMatchObject({ session: 's1', limits: [[0, 16]] });
    await it.pass(10);
    expect(await installed()).toBe(true);
  });

  test('CP-40: a session at another location gets no profile, and its preferences are NOT_POSSIBLE', async () => {
    await using it = await openPlanned('sqlite');
    await it.cpo.put(remoteSession('s1', { location_id: 'LOC2' }));
    await it.cpo.put(remoteSession('s2'));
    await it.sets(1);
    await it.pass(5);
    expect(await setsOf(it)).toMatchObject([{ session: 's2' }]);
    expect(await it.world.node().prefer(sessionKeyOf(it.cpo, 's1'), { profileType: 'FAST', dischargeAllowed: false })).toBe('NOT_POSSIBLE');
  });
});
