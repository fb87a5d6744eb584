import { describe, expect, test } from 'vitest';
import { buildCar, virtualClock } from '../../sim/index.ts';
import { epochMillis } from '../../src/domain/units.ts';
import type { EvidenceView } from '../../src/node/api/evidence/columns.ts';
import type { SiteDay, SiteMoment } from '../../src/node/api/sites/day/schemas.ts';
import { runCommandWith } from '../command.ts';
import { letTimePass } from '../let-time-pass.ts';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { badge, openWorld } from '../world.ts';
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

  test('CON-V02 CON-V04: a second before and after a request of a party says whose limit held; the command line prints the same', async () => {
    await using stack = new AsyncDisposableStack();
    const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
    const world = stack.use(await openWorld({ clock, config: { sites: [SITE] } }));
    const until = <T>(event: Promise<T>) => letTimePass(clock, event, world.node().publicUrl);
    const emsp = await world.emsp();
    const station = await world.station('CP-201');
    const client = await openApiClient(world.node());
    await station.plugIn(1, { car: buildCar({ kilowattHours: 80 }), idToken: badge });
    const { id } = await until(emsp.session(({ status }) => status === 'ACTIVE'));
    const wait = (ms: number) => until(new Promise<void>((done) => void clock.after(ms, done)));
    await wait(30_000);
    const askedAt = clock.now();
    const pushed = emsp.nextPush(String(id));
    expect((await until(emsp.set(String(id), upTo(8)))).result).toBe('ACCEPTED');
    await until(pushed);
    const setAt = clock.now();
    await wait(120_000);
    const held = async (at: number) => {
      const time = `${new Date(at).toISOString().slice(0, 19)}Z`;
      const { sessions } = (await client.request(`GET sites/garage/moment?at=${time}`)).body as unknown as SiteMoment;
      return sessions.map(({ limit }) => [limit?.limit, limit?.origin.kind, limit?.origin.name]);
    };
    expect(await held(askedAt - 1_000)).toEqual([[20, 'site', 'garage']]);
    for (const after of [1_000, 90_000]) expect(await held(setAt + after)).toEqual([[8, 'party', 'NL*MSP']]);
    const env = { EVENKEEL_URL: world.node().publicUrl, EVENKEEL_KEY: client.key };
    const time = `${new Date(setAt + 90_000).toISOString().slice(0, 19)}Z`;
    const { stdout, code } = await runCommandWith({ env }, 'sites', 'day', 'garage', '--at', time);
    expect(code).toBe(0);
    expect(stdout).toMatch(/garage at .*: limit 20 A, sessions draw 5.5 kW .8.0 8.0 8.0 A/);
    expect(stdout).toMatch(/EVSE +CARD +LIMIT[^\n]+\nCP-201-1 .*8 A · NL\*MSP/);
    const json = await runCommandWith({ env }, 'sites', 'day', 'garage', '--at', time, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ node: 'garage', when: 'past', sessions: [{ evse: 'CP-201-1' }] });
  });

  test('CON-V05: what counted as the load of a building is in the day, at each second, and in the evidence', async () => {
    const site = { ...SITE, meter: { fallback: { a: 6 }, margin: 2 } };
    await using garage = await openGarage('sqlite', { sites: [site] });
    const { world, clock, highest } = garage;
    const client = await openApiClient(world.node());
    expect((await client.request('PUT sites/garage/meter', { a: [5, 6, 7] })).status).toBe(200);
    await highest(15);
    const readAt = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
    await highest(120);
    const silentAt = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
    const momentAt = async (time: string) => (await client.request(`GET sites/garage/moment?at=${time}`)).body;
    expect(await momentAt(readAt)).toMatchObject({ building: { a: [7, 8, 9] } });
    expect(await momentAt(silentAt)).not.toHaveProperty('building');
    const day = (await client.request('GET sites/garage/day')).body as unknown as SiteDay;
    expect(day.building?.map(([, , ...a]) => a)).toContainEqual([7, 8, 9]);
    expect(day.building?.at(-1)?.slice(1)).toEqual([null, null, null, null]);
    const { rows } = (await client.request('GET evidence?subject=garage')).body as unknown as EvidenceView;
    expect(rows.filter(({ kind }) => kind === 'building').map(({ current_a }) => current_a)).toEqual([undefined, 24, undefined]);
  });
});
