import { describe, expect, test } from 'vitest';
import { openWorld, type StationName, stationVersions, stores } from '../world.ts';

const profile = (limit: number) => ({ charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit }] });
const names = Object.keys(stationVersions) as StationName[];

describe.each(stores)('an eMSP steers a session (%s)', (store) => {
  test.each(names)('CP-06, CP-11, CP-13: set, get and clear reach %s, and each result is posted', async (name) => {
    await using world = await openWorld({ store });
    const emsp = await world.emsp();
    const station = await world.station(name);
    const session = await world.charging(emsp, station);

    const set = await emsp.set(session, profile(10));
    expect(set.result).toBe('ACCEPTED');
    expect(await set.later).toEqual({ result: 'ACCEPTED' });
    expect(station.installed()).toHaveLength(1);

    const get = await emsp.get(session, 900);
    expect(get.result).toBe('ACCEPTED');
    expect(await get.later).toMatchObject({
      result: 'ACCEPTED',
      profile: { charging_profile: { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] } },
    });

    const clear = await emsp.clear(session);
    expect(clear.result).toBe('ACCEPTED');
    expect(await clear.later).toEqual({ result: 'ACCEPTED' });
    expect(station.installed()).toHaveLength(0);
  });
});
