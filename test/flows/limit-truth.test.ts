import { describe, expect, test } from 'vitest';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { openSteered, type Steered } from './steered.fixture.ts';

const never = { is: 'never' } as const;
const refused = { is: 'answer', payload: { status: 'Rejected' } } as const;
type Api = Awaited<ReturnType<typeof openApiClient>>;

/** What the operator API says of the limit of the session. */
async function limitOf(api: Api, { session }: Steered) {
  const { limit, limit_unknown_since: since, active_charging_profile: active, deviation } = (await api.request(`GET sessions/${session}`)).body;
  return { limit, since, active, deviation };
}
const unknown = { limit: undefined, since: expect.any(String), active: undefined, deviation: undefined };
const known = (limit: number) => ({ limit: expect.objectContaining({ limit, unit: 'A' }), since: undefined, active: expect.anything(), deviation: undefined });

/** Advances the clock until the operator API says so. */
async function untilLimit(it: Steered, api: Api, wanted: number): Promise<void> {
  const isSo = async (): Promise<void> => {
    const { limit, active } = await limitOf(api, it);
    if (Object(limit).limit !== wanted || !active) return it.clock.advance(1_000).then(isSo);
  };
  await it.until(isSo());
}

/** A session that the operator limits to 8 A, as its charge point reports. */
async function limited(it: Steered): Promise<Api> {
  const api = await openApiClient(it.world.node());
  const set = api.request(`PUT sessions/${it.session}/charging-profile?wait=60`, { limit: 8, unit: 'A' });
  expect((await it.until(set)).body).toMatchObject({ outcome: 'ACCEPTED' });
  await untilLimit(it, api, 8);
  expect(await limitOf(api, it)).toEqual(known(8));
  await it.clock.advance(11_000);
  return api;
}
const clear = async (it: Steered, api: Api) => (await it.until(api.request(`DELETE sessions/${it.session}/charging-profile?wait=60`))).body;

describe.each(stores)('the limit after a clear (%s)', (store) => {
  test('CON-X01: is unknown, with the moment, until the charge point reports what holds', async () => {
    await using it = await openSteered(store);
    const api = await limited(it);
    using events = await api.followEvents();
    it.station.behave({ answers: { GetCompositeSchedule: never } });
    const at = it.clock.now();
    expect(await clear(it, api)).toMatchObject({ outcome: 'ACCEPTED' });
    const { since } = await limitOf(api, it);
    expect(await limitOf(api, it)).toEqual(unknown);
    expect(Date.parse(String(since))).toBeGreaterThanOrEqual(at);
    expect(Date.parse(String(since))).toBeLessThanOrEqual(it.clock.now());
    expect(await events.firstEvent(({ kind }) => kind === 'limit-unknown')).toMatchObject({ session: `NL*EVK*${it.session}`.toUpperCase() });
    const lines = Object((await api.request(`GET sessions/${it.session}/series`)).body.lines);
    expect(lines.active.at(-1)).toEqual([Math.floor(Date.parse(String(since)) / 1000), null]);
    await it.clock.advance(60_000);
    expect(await limitOf(api, it)).toEqual({ ...unknown, since });
    it.station.behave({ answers: {} });
    await it.station.reconnect();
    await untilLimit(it, api, 32);
    expect(await limitOf(api, it)).toEqual(known(32));
  });
});

describe('the limit that nobody knows', () => {
  test('CON-X02: stays unknown when the charge point refuses to report, and when it is away, also over a restart of the node', async () => {
    await using it = await openSteered('sqlite');
    const api = await limited(it);
    it.station.behave({ answers: { GetCompositeSchedule: refused } });
    expect(await clear(it, api)).toMatchObject({ outcome: 'ACCEPTED' });
    await it.clock.advance(60_000);
    expect(await limitOf(api, it)).toEqual(unknown);
    const { since } = await limitOf(api, it);
    it.station.behave({ answers: {} });
    await it.world.restart();
    expect(await limitOf(api, it)).toEqual({ ...unknown, since });
    await it.station.reconnect();
    await untilLimit(it, api, 32);
    expect(await limitOf(api, it)).toEqual(known(32));
  });

  test.each(['SetChargingProfile', 'ClearChargingProfile'] as const)(
    'CON-X02: is unknown after a %s without an answer, and no deviation is found in what it may have changed',
    async (action) => {
      await using it = await openSteered('sqlite');
      const api = await limited(it);
      it.station.behave({ answers: { [action]: never, GetCompositeSchedule: [never] } });
      const path = `sessions/${it.session}/charging-profile?wait=60`;
      await it.until(action === 'SetChargingProfile' ? api.request(`PUT ${path}`, { limit: 16, unit: 'A' }) : api.request(`DELETE ${path}`));
      expect(await limitOf(api, it)).toEqual(unknown);
      it.station.behave({ answers: {} });
      // The charge point did what it did not answer.
      await untilLimit(it, api, action === 'SetChargingProfile' ? 16 : 32);
      expect((await limitOf(api, it)).deviation).toBeUndefined();
      expect(it.world.steps.filter(({ step }) => step === 'deviation')).toEqual([]);
    },
  );

  test('CON-X02: is unknown after a boot of the charge point, until it reports again', async () => {
    await using it = await openSteered('sqlite');
    const api = await limited(it);
    it.station.behave({ answers: { GetCompositeSchedule: never } });
    await it.station.reboot({ transactions: 'resume' });
    await it.until(it.world.firstStep('station-connected', ({ epoch }) => epoch > 1));
    await it.clock.advance(5_000);
    expect(await limitOf(api, it)).toEqual(unknown);
    it.station.behave({ answers: {} });
    await untilLimit(it, api, 8);
  });

  test('CON-X03: a party that clears its profile is pushed what holds then, never the limit before', async () => {
    await using it = await openSteered('sqlite');
    const api = await openApiClient(it.world.node());
    expect(await it.until((await it.emsp.set(it.session, upTo(8))).later)).toEqual({ result: 'ACCEPTED' });
    await it.until(it.emsp.nextPush(it.session));
    await it.clock.advance(11_000);
    it.station.behave({ answers: { GetCompositeSchedule: [never] } });
    const before = it.emsp.pushed.length;
    expect(await it.until((await it.emsp.clear(it.session)).later)).toEqual({ result: 'ACCEPTED' });
    expect(await limitOf(api, it)).toEqual(unknown);
    await untilLimit(it, api, 32);
    await it.clock.advance(60_000);
    const limits = it.emsp.pushed.slice(before).map(({ body }) => JSON.stringify(body).match(/"limit":([\d.]+)/)?.[1]);
    expect(limits).toEqual(['32']);
  });
});
