import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import type { Cpo } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { moment, openEmspWorld, remoteSession } from '../emsp-world.ts';
import { stores } from '../world.ts';

const clockAtTen = () => virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
/** The window that each pull asked for, in order. */
const pulls = (cpo: Cpo) =>
  cpo.requests.filter(({ method, module }) => method === 'GET' && module === 'sessions').map(({ url }) => new URL(url).searchParams.get('date_from'));
const sessionOf = (second: number, more: object = {}) => remoteSession(`s${second}`, { last_updated: moment(second), ...more });

describe.each(stores)('what an eMSP node pulls (%s)', (store) => {
  test('SES-06, SES-09, TRN-54: the sessions that were there before it, all of them, page by page', async () => {
    await using world = await openEmspWorld({ store, clock: clockAtTen() });
    const cpo = await world.cpo({ pageSize: 2 });
    await world.firstStep('peer-registered');
    for (const second of [1, 2, 3, 4, 5]) cpo.sessions.set(`s${second}`, sessionOf(second));
    await world.stop();
    await world.start();
    await world.firstStep('session-received', ({ session }) => session.endsWith('S5'));
    for (const second of [1, 2, 3, 4, 5]) expect((await world.readSession(cpo, `s${second}`)).session).toEqual(sessionOf(second));
    // SES-06: each names the beginning of its window
    expect(pulls(cpo).every((from) => from !== null && !Number.isNaN(Date.parse(from)))).toBe(true);
  });

  test('SES-09, TRN-11: after a time away, what changed in it and a little before, not all again', async () => {
    const clock = clockAtTen();
    await using world = await openEmspWorld({ store, clock, config: { session_pull: 60 } });
    const cpo = await world.cpo();
    cpo.sessions.set('s600', sessionOf(600));
    // the pull after the one that brought it counts from it, five minutes back
    const second = cpo.waitForRequest(({ url }) => new URL(url).searchParams.get('date_from') === moment(300));
    await clock.advance(72_000);
    await world.firstStep('session-received', ({ session }) => session.endsWith('S600'));
    await clock.advance(72_000);
    await second;
    await world.stop();
    cpo.sessions.set('s900', sessionOf(900));
    const before = pulls(cpo).length;
    await world.start();
    await world.firstStep('session-received', ({ session }) => session.endsWith('S900'));
    expect(pulls(cpo).slice(before)).toEqual([moment(300)]);
    expect((await world.readSession(cpo, 's900')).session).toEqual(sessionOf(900));
  });

  test('SES-07: what a pull brings replaces what is held; a field that it lacks is no longer so', async () => {
    await using world = await openEmspWorld({ store, clock: clockAtTen() });
    const cpo = await world.cpo();
    await cpo.put(
      sessionOf(1, { authorization_reference: 'r', charging_periods: [{ start_date_time: moment(0), dimensions: [{ type: 'TIME', volume: 1 }] }] }),
    );
    cpo.sessions.set('s1', { ...sessionOf(1), kwh: 3, last_updated: moment(60) });
    await world.stop();
    await world.start();
    await world.firstStep('session-received', ({ by }) => by === 'pull');
    expect((await world.readSession(cpo, 's1')).session).toEqual({ ...sessionOf(1), kwh: 3, last_updated: moment(60) });
  });

  test('SES-42: what a pull brings of a moment before what was pushed is not taken', async () => {
    await using world = await openEmspWorld({ store, clock: clockAtTen() });
    const cpo = await world.cpo();
    await cpo.put(sessionOf(9, { kwh: 9 }));
    cpo.sessions.set('s9', { ...sessionOf(9), kwh: 1, last_updated: moment(3) });
    cpo.sessions.set('z', remoteSession('z'));
    await world.stop();
    await world.start();
    await world.firstStep('session-received', ({ session }) => session.endsWith('*Z'));
    expect((await world.readSession(cpo, 's9')).session).toEqual(sessionOf(9, { kwh: 9 }));
  });

  test('SES-08, TRN-16: a session that lacks what it must have is left out, the others are taken', async () => {
    await using world = await openEmspWorld({ store, clock: clockAtTen() });
    const cpo = await world.cpo();
    const { status: _, ...broken } = sessionOf(1);
    cpo.sessions.set('s1', broken);
    cpo.sessions.set('s2', sessionOf(2));
    await world.stop();
    await world.start();
    await world.firstStep('session-received', ({ session }) => session.endsWith('S2'));
    expect((await world.readSession(cpo, 's1')).http).toBe(404);
    expect((await world.readSession(cpo, 's2')).session).toEqual(sessionOf(2));
  });
});
