import { describe, expect, test } from 'vitest';
import { amperes, seconds } from '../../src/domain/units.ts';
import { openTopology, topologies } from '../topology.ts';
import { stores } from '../world.ts';

const upTo = (limit: number) => ({ kind: 'set', profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(limit) }] } }) as const;
const patience = { wait: seconds(15) };

describe.each(stores)('each topology of OCPI (%s)', (store) => {
  test.each(topologies)('CP-60, CP-61, CP-62, CP-63, CP-67: set, get and clear, and news of the active profile (%s)', async (kind) => {
    await using world = await openTopology(kind, { store });
    const { sender, station } = world;
    const { key } = await world.charge();

    const told = sender.firstStep('active-profile-received', ({ session }) => session === key);
    expect(await sender.node.ask(key, upTo(10), patience)).toMatchObject({ ok: true, value: { state: 'CONFIRMED', outcome: 'ACCEPTED' } });
    expect(station.installed()).toHaveLength(1);
    expect(await told).toMatchObject({ profile: { unit: 'A', periods: [{ start: 0, limit: 10 }] } });

    const got = await sender.node.ask(key, { kind: 'get', duration: seconds(600) }, patience);
    expect(got).toMatchObject({
      ok: true,
      value: { active_charging_profile: { charging_profile: { duration: 600, charging_profile_period: [{ start_period: 0, limit: 10 }] } } },
    });

    expect(await sender.node.ask(key, { kind: 'clear' }, patience)).toMatchObject({ ok: true, value: { state: 'CONFIRMED', outcome: 'ACCEPTED' } });
    expect(station.installed()).toHaveLength(0);
  });
});
