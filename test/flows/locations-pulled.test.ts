import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import type { Cpo } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { locationUrl, moment, openEmspWorld, remoteLocation } from '../emsp-world.ts';
import { stores } from '../world.ts';

const clockAtTen = () => virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
const BEGINNING = '1970-01-01T00:00:00.000Z';
/** The date_from of each pull, in order. */
const pulls = (cpo: Cpo) =>
  cpo.requests
    .filter(({ method, module, url }) => method === 'GET' && module === 'locations' && !new URL(url).searchParams.has('offset'))
    .map(({ url }) => new URL(url).searchParams.get('date_from'));
const locationOf = (second: number, more: object = {}) => remoteLocation(`L${second}`, { last_updated: moment(second), ...more });
const held = async (cpo: Cpo, id: string) => {
  const { http, envelope } = await cpo.send({ method: 'GET', url: locationUrl(cpo, id) });
  return { http, location: envelope.data };
};

describe.each(stores)('locations that an eMSP node pulls (%s)', (store) => {
  test('TRN-16, TRN-37, TRN-54: are pulled page by page at the start; an invalid one and one of another party are left out', async () => {
    await using world = await openEmspWorld({ store, clock: clockAtTen() });
    const cpo = await world.cpo({ pageSize: 2 });
    const { id: _, ...broken } = locationOf(3);
    for (const second of [1, 2, 4, 5]) cpo.locations.set(`L${second}`, locationOf(second));
    cpo.locations.set('L3', broken);
    cpo.locations.set('L6', locationOf(6, { party_id: 'XYZ' }));
    cpo.locations.set('L7', locationOf(7));
    await world.stop();
    await world.start();
    await world.firstStep('location-received', ({ location }) => location.endsWith('*L7'));
    for (const second of [1, 2, 4, 5, 7]) expect((await held(cpo, `L${second}`)).location).toEqual(locationOf(second));
    for (const id of ['L3', 'L6']) expect((await held(cpo, id)).http).toBe(404);
  });

  test('TRN-11: are pulled regularly if they changed since shortly before the last pull, and all of them at each start', async () => {
    const clock = clockAtTen();
    await using world = await openEmspWorld({ store, clock, config: { session_pull: 60 } });
    const cpo = await world.cpo();
    await cpo.waitForRequest(({ module }) => module === 'locations');
    cpo.locations.set('L600', locationOf(600));
    const second = cpo.waitForRequest(({ module, url }) => module === 'locations' && new URL(url).searchParams.get('date_from') === moment(300));
    await clock.advance(72_000);
    await world.firstStep('location-received', ({ location }) => location.endsWith('*L600'));
    await clock.advance(72_000);
    await second;
    expect(pulls(cpo)[0]).toBe(BEGINNING);
    await world.stop();
    const before = pulls(cpo).length;
    cpo.locations.set('L1', locationOf(1));
    await world.start();
    await world.firstStep('location-received', ({ location }) => location.endsWith('*L1'));
    expect(pulls(cpo).slice(before)).toEqual([BEGINNING]);
  });

  test('replace the stored ones, unless the stored ones are newer', async () => {
    await using world = await openEmspWorld({ store, clock: clockAtTen() });
    const cpo = await world.cpo();
    for (const [second, name] of [
      [1, 'old'],
      [9, 'new'],
    ] as const)
      await cpo.send({ method: 'PUT', url: locationUrl(cpo, `L${second}`), body: locationOf(second, { name }) });
    const changed = { ...locationOf(1), last_updated: moment(60) };
    cpo.locations.set('L9', { ...locationOf(9), last_updated: moment(3) });
    cpo.locations.set('L1', changed);
    await world.stop();
    await world.start();
    await world.firstStep('location-received', ({ by }) => by === 'pull');
    expect((await held(cpo, 'L1')).location).toEqual(changed);
    expect((await held(cpo, 'L9')).location).toEqual(locationOf(9, { name: 'new' }));
  });
});
