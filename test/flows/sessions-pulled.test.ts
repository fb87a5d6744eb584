import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import type { Cpo } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { moment, openEmspWorld, remoteSession } from '../emsp-world.ts';
import { stores } from '../world.ts';

const clockAtTen = () => virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
/** The `date_from` of each pull, in order. */
const pulls = (cpo: Cpo) =>
  cpo.requests.filter(({ method, module }) => method === 'GET' && module === 'sessions').map(({ url }) => new URL(url).searchParams.get('date_from'));
const sessionOf = (second: number, more: object = {}) => remoteSession(`s${second}`, { last_updated: moment(second), ...more });

describe.each(stores)('an eMSP node that pulls sessions (%s)', (store) => {
  test('SES-06, SES-09, TRN-54: gets all sessions that existed before its start, page by page', async () => {
    await using world = await openEmspWorld({ store, clock: clockAtTen() });
    const cpo = await world.cpo({ pageSize: 2 });
    await world.firstStep('peer-registered');
    for (const second of [1, 2, 3, 4, 5]) cpo.sessions.set(`s${second}`, sessionOf(second));
    const received = world.nextStep('session-received', ({ session }) => session.endsWith('S5'));
    await world.stop();
    await world.start();
    await received;
    for (const second of [1, 2, 3, 4, 5]) expect((await world.readSession(cpo, `s${second}`)).session).toEqual(sessionOf(second));
    // SES-06: each pull has a date_from
    expect(pulls(cpo).every((from) => from !== null && !Number.isNaN(Date.parse(from)))).toBe(true);
  });

  test('SES-09, TRN-11: gets only the changes since the last pull after a stop, with five minutes of overlap', async () => {
    const clock = clockAtTen();
    await using world = await openEmspWorld({ store, clock, config: { session_pull: 60 } });
    const cpo = await world.cpo();
    cpo.sessions.set('s600', sessionOf(600));
    // The next pull starts five minutes before the newest last_updated.
    const secondPull = cpo.waitForRequest(({ url }) => new URL(url).searchParams.get('date_from') === moment(300));
    const first = world.nextStep('session-received', ({ session }) => session.endsWith('S600'));
    await clock.advance(72_000);
    await first;
    await clock.advance(72_000);
    await secondPull;
    await world.stop();
    cpo.sessions.set('s900', sessionOf(900));
    const before = pulls(cpo).length;
    const changed = world.nextStep('session-received', ({ session }) => session.endsWith('S900'));
    await world.start();
    await changed;
    expect(pulls(cpo).slice(before)).toEqual([moment(300)]);
    expect((await world.readSession(cpo, 's900')).session).toEqual(sessionOf(900));
  });

  test('SES-07: replaces the stored session with the pulled one; a missing field is removed', async () => {
    await using world = await openEmspWorld({ store, clock: clockAtTen() });
    const cpo = await world.cpo();
    await cpo.put(
      sessionOf(1, { authorization_reference: 'r', charging_periods: [{ start_date_time: moment(0), dimensions: [{ type: 'TIME', volume: 1 }] }] }),
    );
    cpo.sessions.set('s1', { ...sessionOf(1), kwh: 3, last_updated: moment(60) });
    const pulled = world.nextStep('session-received', ({ by }) => by === 'pull');
    await world.stop();
    await world.start();
    await pulled;
    expect((await world.readSession(cpo, 's1')).session).toEqual({ ...sessionOf(1), kwh: 3, last_updated: moment(60) });
  });

  test('SES-42: ignores a pulled session that is older than the pushed one', async () => {
    await using world = await openEmspWorld({ store, clock: clockAtTen() });
    const cpo = await world.cpo();
    await cpo.put(sessionOf(9, { kwh: 9 }));
    cpo.sessions.set('s9', { ...sessionOf(9), kwh: 1, last_updated: moment(3) });
    cpo.sessions.set('z', remoteSession('z'));
    const pulled = world.nextStep('session-received', ({ session }) => session.endsWith('*Z'));
    await world.stop();
    await world.start();
    await pulled;
    expect((await world.readSession(cpo, 's9')).session).toEqual(sessionOf(9, { kwh: 9 }));
  });

  test('SES-08, TRN-16: ignores a session without the token of its driver, and stores the others', async () => {
    await using world = await openEmspWorld({ store, clock: clockAtTen() });
    const cpo = await world.cpo();
    const { cdr_token: _, ...broken } = sessionOf(1);
    cpo.sessions.set('s1', broken);
    cpo.sessions.set('s2', sessionOf(2));
    const pulled = world.nextStep('session-received', ({ session }) => session.endsWith('S2'));
    await world.stop();
    await world.start();
    await pulled;
    expect((await world.readSession(cpo, 's1')).http).toBe(404);
    expect((await world.readSession(cpo, 's2')).session).toEqual(sessionOf(2));
  });
});
