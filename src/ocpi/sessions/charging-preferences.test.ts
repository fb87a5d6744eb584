import { afterAll, describe, expect, test } from 'vitest';
import { epochSeconds, wattHours } from '../../domain/units.ts';
import { bind } from '../binding.ts';
import { callEndpoint, type PeerClient } from '../call.ts';
import { editions } from '../editions.ts';
import { success } from '../envelope.ts';
import { json, openServer, peerToken, send } from '../open-server.fixture.ts';
import { readChargingPreferences, type WireChargingPreferences } from './charging-preferences.ts';
import { forwardChargingPreferences } from './forward-charging-preferences.ts';
import { setChargingPreferences } from './set-charging-preferences.ts';

const words = ['ACCEPTED', 'DEPARTURE_REQUIRED', 'ENERGY_NEED_REQUIRED', 'NOT_POSSIBLE', 'PROFILE_TYPE_NOT_SUPPORTED'] as const;
let word: (typeof words)[number] = 'ACCEPTED';
const heard: WireChargingPreferences[] = [];
const server = await openServer((bindings) => [
  ...bindings,
  bind<string, typeof setChargingPreferences>(setChargingPreferences, async ({ body }) => {
    heard.push(body);
    return success(word);
  }),
  bind<string, typeof forwardChargingPreferences>(forwardChargingPreferences, async () => success(word)),
]);
afterAll(() => server[Symbol.asyncDispose]());
const line: PeerClient = {
  edition: '2.2.1',
  token: { text: peerToken, style: 'base64' },
  transport: async ({ url, ...request }) => {
    const response = await fetch(url, request);
    return { is: 'ANSWERED', status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  },
};

const places = editions.flatMap((edition) => [
  `/ocpi/${edition}/sender/sessions/S1/charging_preferences`,
  `/ocpi/${edition}/receiver/sessions/NL/EVK/S1/charging_preferences`,
]);
const full = { profile_type: 'CHEAP', departure_time: '2026-11-23T18:00:00Z', energy_need: 12.5, discharge_allowed: true };

describe('charging preferences', () => {
  test.each(places)('SES-50, SES-52, SES-57: PUT %s is answered with a bare word', async (path) => {
    for (word of words) expect((await send(server, `PUT ${path}`, json(full))).envelope).toMatchObject({ data: word, status_code: 1000 });
  });

  test.each(words)('SES-52: the word %s is read from the answer', async (said) => {
    word = said;
    const outcome = await callEndpoint(line, setChargingPreferences, {
      base: `${server.base}/ocpi/2.2.1/sender/sessions`,
      params: { session_id: 'S1' },
      body: { profile_type: 'FAST' },
    });
    expect(outcome).toMatchObject({ is: 'SUCCESS', data: said });
  });

  test('SES-57: they are passed on under the full name of the session', async () => {
    word = 'ACCEPTED';
    const outcome = await callEndpoint(line, forwardChargingPreferences, {
      base: `${server.base}/ocpi/2.3.0/receiver/sessions`,
      params: { country_code: 'NL', party_id: 'EVK', session_id: 'a/b' },
      body: { profile_type: 'REGULAR' },
    });
    expect(outcome).toMatchObject({ is: 'SUCCESS', data: 'ACCEPTED' });
  });

  test('SES-50: without the suffix they are for nobody: 404, or 405 where something else is at home', async () => {
    expect((await send(server, 'PUT /ocpi/2.2.1/sender/sessions/S1', json(full))).status).toBe(404);
    expect((await send(server, 'PUT /ocpi/2.2.1/sender/sessions', json(full))).status).toBe(405);
    expect((await send(server, `POST ${places[0]}`, json(full))).status).toBe(405);
  });

  test.each([
    ['no profile_type', { departure_time: full.departure_time }],
    ['a profile_type that there is not', { profile_type: 'cheap' }],
    ['a departure that is no moment', { profile_type: 'CHEAP', departure_time: 'tonight' }],
    ['a departure without UTC', { profile_type: 'CHEAP', departure_time: '2026-11-23T18:00:00+01:00' }],
    ['a need that is no number', { profile_type: 'CHEAP', energy_need: '12' }],
    ['a need below nothing', { profile_type: 'CHEAP', energy_need: -1 }],
    ['leave that is not true or false', { profile_type: 'CHEAP', discharge_allowed: 'yes' }],
  ])('SES-51: with %s are 2001 and reach nobody', async (_, body) => {
    const before = heard.length;
    for (const path of places) expect((await send(server, `PUT ${path}`, json(body))).envelope).toMatchObject({ status_code: 2001 });
    expect(heard.length).toBe(before);
  });
});

describe('preferences as the domain means them', () => {
  test('SES-51: count in Wh and seconds', () => {
    expect(readChargingPreferences({ profile_type: 'CHEAP', departure_time: '2026-11-23T18:00:00.9Z', energy_need: 12.5, discharge_allowed: true })).toEqual({
      profileType: 'CHEAP',
      departure: epochSeconds(Date.UTC(2026, 10, 23, 18) / 1000),
      energyNeed: wattHours(12_500),
      dischargeAllowed: true,
    });
  });

  test('SES-51: discharging is not allowed by saying nothing', () => {
    expect(readChargingPreferences({ profile_type: 'GREEN' })).toEqual({ profileType: 'GREEN', dischargeAllowed: false });
  });
});
