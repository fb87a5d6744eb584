import { describe, expect, test } from 'vitest';
import { maskPeerMessage, maskRequestUrl } from './mask-peer-message.ts';

const masked = (body: unknown) => JSON.parse(maskPeerMessage(JSON.stringify(body), (text) => text.replaceAll('DEADBEEF', '…')));

describe('CON-F02: an OCPI message about a profile is kept without secrets and without ids of drivers', () => {
  test.each<[string, unknown, unknown]>([
    [
      'a profile is shown, a response_url by its origin',
      {
        charging_profile: { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] },
        response_url: 'https://scsp.example/secret/1',
      },
      { charging_profile: { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] }, response_url: 'https://scsp.example/***' },
    ],
    [
      'a status_message without the driver',
      { status_code: 2001, status_message: 'token DEADBEEF is unknown' },
      { status_code: 2001, status_message: 'token … is unknown' },
    ],
    [
      'a field that is not of the standard is hidden',
      { result: 'ACCEPTED', driver: 'Anna', notes: ['Anna'] },
      { result: 'ACCEPTED', driver: '***', notes: ['***'] },
    ],
    ['a name that is no name is hidden', { 'card DEADBEEF': 1 }, { '***': 1 }],
  ])('%s', (_what, body, shown) => expect(masked(body)).toEqual(shown));

  test('of a text that is not JSON only the length stays', () => {
    expect(maskPeerMessage('Anna', (text) => text)).toBe('*** (4 characters that are not JSON)');
  });

  test.each([
    [
      '/ocpi/2.2.1/receiver/chargingprofiles/S1?duration=900&response_url=https%3A%2F%2Fa.example%2Fx',
      '/ocpi/2.2.1/receiver/chargingprofiles/S1?duration=900&response_url=https://a.example/***',
    ],
    ['https://cpo.example/key-1/chargingprofiles/S1', 'https://cpo.example/***/S1'],
    ['/x?response_url=%E0', '/x?response_url=***'],
  ])('the URL %s is shown as %s', (url, shown) => expect(maskRequestUrl(url)).toBe(shown));
});
