import { describe, expect, test } from 'vitest';
import { buildCar } from '../../sim/index.ts';
import { badge, openWorld, stores } from '../world.ts';

const reservation = { evseUid: 'CP-201-1', tokenUid: 'DEADBEEF', reference: 'AUTH-1' };

describe.each(stores)('a reserved EVSE (%s)', (store) => {
  test('SES-10, SES-11, SES-12, SES-15: its session is pushed as RESERVATION, and becomes the ACTIVE one of the same token', async () => {
    await using world = await openWorld({ store });
    const emsp = await world.emsp();
    const station = await world.station('CP-201');
    await world.node().reserve(reservation);
    const reserved = await emsp.session((it) => it.status === 'RESERVATION');
    expect(reserved).toMatchObject({ evse_uid: 'CP-201-1', authorization_reference: 'AUTH-1', kwh: 0 });
    await station.plugIn(1, { car: buildCar(), idToken: badge });
    const active = await emsp.session((it) => it.status === 'ACTIVE');
    expect(active).toMatchObject({ id: reserved.id, authorization_reference: 'AUTH-1' });
    expect(emsp.sessions.size).toBe(1);
  });

  test('SES-13: one that is not used ends COMPLETED, and is pushed', async () => {
    await using world = await openWorld({ store });
    const emsp = await world.emsp();
    const key = await world.node().reserve(reservation);
    await emsp.session((it) => it.status === 'RESERVATION');
    if (key) await world.node().endReservation(key);
    expect(await emsp.session((it) => it.status === 'COMPLETED')).toMatchObject({ kwh: 0 });
  });

  test('SES-10: an EVSE or token that is not ours is not reserved', async () => {
    await using world = await openWorld({ store });
    expect(await world.node().reserve({ ...reservation, evseUid: 'nowhere' })).toBeUndefined();
    expect(await world.node().reserve({ ...reservation, tokenUid: 'nobody' })).toBeUndefined();
  });
});
