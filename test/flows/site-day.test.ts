import { describe, expect, test } from 'vitest';
import { buildCar } from '../../sim/index.ts';
import type { SiteDay, SiteMoment } from '../../src/node/api/sites/day/schemas.ts';
import { openApiClient } from '../operator-api.ts';
import { badge } from '../world.ts';
import { openGarage, SITE } from './garage.fixture.ts';

/** The moment of a text as epoch s, in the day of the garage. */
const at = (time: string) => `2026-01-31T${time}Z`;
const inSeconds = (moment: string) => Date.parse(moment) / 1_000;
const valueAt = (line: SiteDay['limit'], moment: number) => line.findLast(([from]) => from <= moment) ?? [moment, null, null];

describe('the day of a site', () => {
  test('CON-V01 CON-V02: shows the limit with its past and its plan, what each session drew and was allowed, and who held what at each second', async () => {
    const site = {
      ...SITE,
      schedule: [
        { from: '00:00', a: 20 },
        { from: '18:00', a: 14 },
      ],
    };
    await using garage = await openGarage('sqlite', { sites: [site] });
    const { world, clock, stations, limited, highest } = garage;
    const [first, second] = stations;
    const client = await openApiClient(world.node());
    const read = async <T>(path: string) => (await client.request(`GET ${path}`)).body as T;
    const started = limited('CP-16-1', 20);
    await first.plugIn(1, { car: buildCar({ kilowattHours: 80 }), idToken: badge });
    await started;
    await highest(90);
    const shared = limited('CP-201-1', 10);
    await second.plugIn(1, { car: buildCar({ kilowattHours: 80 }), idToken: badge });
    await shared;
    await highest(120);
    const lowered = limited('CP-201-1', 6);
    await client.request('PUT sites/limits?node=garage', { a: 12 });
    await lowered;
    const orderedAt = clock.now();
    await highest(120);
    await first.unplug(1);
    await highest(180);

    const day = await read<SiteDay>(`sites/garage/day?from=${at('09:00:00')}&to=${at('20:00:00')}`);
    const now = inSeconds(day.now);
    expect(day.sessions.map(({ evse, card }) => [evse, card])).toEqual([
      ['CP-16-1', expect.stringMatching(/\*/)],
      ['CP-201-1', expect.stringMatching(/\*/)],
    ]);
    const [left, charging] = day.sessions;
    if (!left || !charging) throw new Error('needs two sessions');
    expect([left.to === undefined, charging.to]).toEqual([false, undefined]);
    expect(valueAt(day.limit, inSeconds(at('09:30:00')))).toMatchObject([expect.anything(), 13_800, 20]);
    expect(valueAt(day.limit, now)[2]).toBe(12);
    expect(valueAt(day.limit, inSeconds(at('18:30:00')))[2]).toBe(12);
    expect(valueAt(left.drawn, now).slice(1)).toEqual([null, null]);
    expect(valueAt(charging.drawn, now)[2]).toBe(12);
    for (let moment = inSeconds(left.from); moment < now; moment += 10) {
      const limit = valueAt(day.limit, moment)[2] ?? 0;
      const drawn = day.sessions.reduce((sum, it) => sum + (valueAt(it.drawn, moment)[2] ?? 0), 0);
      // A car has some seconds to follow a limit that has fallen.
      if (Math.abs(moment - orderedAt / 1_000) > 60) expect([moment, drawn]).toEqual([moment, Math.min(drawn, limit + 0.2)]);
    }

    const moment = (time: string) => read<SiteMoment>(`sites/garage/moment?at=${time}`);
    const second$ = (ms: number) => new Date(ms).toISOString().slice(0, 19).concat('Z');
    const [before, after] = [await moment(second$(orderedAt - 30_000)), await moment(second$(orderedAt + 1_000))];
    const held = (it: SiteMoment) => it.sessions.map(({ evse, limit }) => [evse, limit?.limit, limit?.origin.name]);
    expect(held(before)).toEqual([
      ['CP-16-1', 10, 'garage'],
      ['CP-201-1', 10, 'garage'],
    ]);
    expect(held(after)).toEqual([
      ['CP-16-1', 6, 'garage'],
      ['CP-201-1', 6, 'garage'],
    ]);
    expect([before.imposed, after.imposed]).toEqual([undefined, { a: 12 }]);
    expect([before.limit, after.limit]).toEqual([{ a: 20 }, { a: 12 }]);
    expect(before.drawn).toEqual({ w: 13_800, a: [20, 20, 20] });
    const present = await moment(day.now);
    expect([present.when, present.sessions.map(({ evse, share }) => [evse, share])]).toEqual(['now', [['CP-201-1', 12]]]);
    const evening = await moment(at('18:30:00'));
    expect([evening.when, evening.sessions.map(({ evse, drawn }) => [evse, drawn])]).toEqual(['ahead', [['CP-201-1', undefined]]]);

    for (const [path, field] of [
      ['sites/garage/day?from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z', 'to'],
      ['sites/garage/day?from=yesterday', 'from'],
      ['sites/garage/moment?at=noon', 'at'],
    ])
      expect((await client.request(`GET ${path}`)).body).toMatchObject({ error: { code: 'INVALID', field } });
    for (const path of ['sites/attic/day', 'sites/garage/moment?node=garage/attic']) expect((await client.request(`GET ${path}`)).status).toBe(404);
  });
});
