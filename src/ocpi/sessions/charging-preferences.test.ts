import { afterAll, describe, expect, test } from 'vitest';
import { epochSeconds, wattHours } from '../../domain/units.ts';
import { type Binding, bind } from '../binding.ts';
import { callEndpoint, type PeerClient } from '../call.ts';
import { editions } from '../editions.ts';
import { success } from '../envelope.ts';
import { json, openServer, overHttp, peerToken, send } from '../open-server.fixture.ts';
import { readChargingPreferences, type WireChargingPreferences } from './charging-preferences.ts';
import { forwardChargingPreferences } from './forward-charging-preferences.ts';
import { setChargingPreferences } from './set-charging-preferences.ts';

const answers = ['ACCEPTED', 'DEPARTURE_REQUIRED', 'ENERGY_NEED_REQUIRED', 'NOT_POSSIBLE', 'PROFILE_TYPE_NOT_SUPPORTED'] as const;
let answer: (typeof answers)[number] = 'ACCEPTED';
const received: WireChargingPreferences[] = [];
const withPreferences = (bindings: Binding<string>[]) => [
  ...bindings,
  bind<string, typeof setChargingPreferences>(setChargingPreferences, async ({ body }) => {
    received.push(body);
    return success(answer);
  }),
  bind<string, typeof forwardChargingPreferences>(forwardChargingPreferences, async () => success(answer)),
];
const server = await openServer(withPreferences, { strict: true });
afterAll(() => server[Symbol.asyncDispose]());
const client: PeerClient = { transport: overHttp, edition: '2.2.1', token: { text: peerToken, style: 'base64' } };

const paths = editions.flatMap((edition) => [
  `/ocpi/${edition}/sender/sessions/S1/charging_preferences`,
  `/ocpi/${edition}/receiver/sessions/NL/EVK/S1/charging_preferences`,
]);
const full = { profile_type: 'CHEAP', departure_time: '2026-11-23T18:00:00Z', energy_need: 12.5, discharge_allowed: true };

describe('charging preferences', () => {
  test.each(paths)('SES-50, SES-52, SES-57: PUT %s is answered with a plain string', async (path) => {
    for (answer of answers) expect((await send(server, `PUT ${path}`, json(full))).envelope).toMatchObject({ data: answer, status_code: 1000 });
  });

  test.each(answers)('SES-52: the answer %s is read', async (expected) => {
    answer = expected;
    const read = await callEndpoint(client, setChargingPreferences, {
      base: `${server.base}/ocpi/2.2.1/sender/sessions`,
      params: { session_id: 'S1' },
      body: { profile_type: 'FAST' },
    });
    expect(read).toMatchObject({ is: 'SUCCESS', data: expected });
  });

  test('SES-57: they are forwarded with the full name of the session', async () => {
    answer = 'ACCEPTED';
    const read = await callEndpoint(client, forwardChargingPreferences, {
      base: `${server.base}/ocpi/2.3.0/receiver/sessions`,
      params: { country_code: 'NL', party_id: 'EVK', session_id: 'a/b' },
      body: { profile_type: 'REGULAR' },
    });
    expect(read).toMatchObject({ is: 'SUCCESS', data: 'ACCEPTED' });
  });

  test('SES-50: without the suffix the answer is 404, or 405 where the path has other methods', async () => {
    expect((await send(server, 'PUT /ocpi/2.2.1/sender/sessions/S1', json(full))).status).toBe(404);
    expect((await send(server, 'PUT /ocpi/2.2.1/sender/sessions', json(full))).status).toBe(405);
    expect((await send(server, `POST ${paths[0]}`, json(full))).status).toBe(405);
  });

  test.each([
    ['no profile_type', { departure_time: full.departure_time }],
    ['an unknown profile_type', { profile_type: 'cheap' }],
    ['a departure_time that is no DateTime', { profile_type: 'CHEAP', departure_time: 'tonight' }],
    ['a departure_time that is not in UTC', { profile_type: 'CHEAP', departure_time: '2026-11-23T18:00:00+01:00' }],
    ['an energy_need that is no number', { profile_type: 'CHEAP', energy_need: '12' }],
    ['a negative energy_need', { profile_type: 'CHEAP', energy_need: -1 }],
    ['a discharge_allowed that is no boolean', { profile_type: 'CHEAP', discharge_allowed: 'yes' }],
  ])('SES-51: of a strict peer, with %s they are refused with 2001 and reach no binding', async (_, body) => {
    const before = received.length;
    for (const path of paths) expect((await send(server, `PUT ${path}`, json(body))).envelope).toMatchObject({ status_code: 2001 });
    expect(received.length).toBe(before);
  });
});

describe('reading charging preferences', () => {
  test('SES-51: gives Wh and whole seconds', () => {
    expect(readChargingPreferences({ profile_type: 'CHEAP', departure_time: '2026-11-23T18:00:00.9Z', energy_need: 12.5, discharge_allowed: true })).toEqual({
      profileType: 'CHEAP',
      departure: epochSeconds(Date.UTC(2026, 10, 23, 18) / 1000),
      energyNeed: wattHours(12_500),
      dischargeAllowed: true,
    });
  });

  test('SES-51: discharging is not allowed when the field is absent', () => {
    expect(readChargingPreferences({ profile_type: 'GREEN' })).toEqual({ profileType: 'GREEN', dischargeAllowed: false });
  });
});
