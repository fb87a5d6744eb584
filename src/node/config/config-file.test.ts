import { describe, expect, test } from 'vitest';
import { parseConfig } from './config-file.ts';

const file = (locations: string, evse = '') => `public_url: https://cpo.example
parties: [{ role: CPO, country_code: NL, party_id: EVK, name: Evenkeel }]
ocpp: { security_profile: 1 }
charge_points:
  - id: CP1
    password: 0123456789abcdef
    location_id: LOC1
    evses: [{ uid: E1, evse_id: 1, power_type: DC, max_voltage: 800, max_amperage: 200${evse} }]
locations:
${locations}`;
const garage = (more = '') => `  - id: LOC1
    address: Keizersgracht 1
    city: Amsterdam
    country: NLD
    coordinates: { latitude: "52.37403", longitude: "4.88969" }
    time_zone: Europe/Amsterdam
${more}`;
const mistakes = (text: string) => {
  const read = parseConfig(text);
  return read.ok ? [] : read.problem.map(({ line, key, says }) => `${line} ${key}: ${says}`);
};

describe('locations in the configuration', () => {
  test('are published by default', () => {
    const shown = parseConfig(file(garage()));
    expect(shown).toMatchObject({ ok: true, value: { locations: [{ id: 'LOC1', publish: true }] } });
    const hidden = parseConfig(file(garage('    publish: false\n    name: Garage\n    postal_code: 1015 CN\n')));
    expect(hidden).toMatchObject({ ok: true, value: { locations: [{ publish: false, name: 'Garage', postal_code: '1015 CN' }] } });
  });

  test.each([
    ['{ uid: DEADBEEF, type: RFID }', []],
    ['{ visual_number: V1, issuer: Cards }', []],
    ['{ group_id: G1 }', []],
    ['{ uid: DEADBEEF }', ['.0: uid and type need each other']],
    ['{ type: RFID, group_id: G1 }', ['.0: uid and type need each other']],
    ['{ visual_number: V1 }', ['.0: visual_number and issuer need each other']],
    ['{ type: RFID }', ['.0: names no token: add uid and type, visual_number and issuer, or group_id']],
    ['{ }', ['.0: names no token: add uid and type, visual_number and issuer, or group_id']],
  ])('LOC-08: publish_allowed_to with %s', (entry, says) => {
    const found = mistakes(file(garage(`    publish: false\n    publish_allowed_to: [${entry}]\n`)));
    expect(found.map((it) => it.replace(/^\d+ locations\.0\.publish_allowed_to/, ''))).toEqual(says);
  });

  test('LOC-08: publish_allowed_to has no effect at a published location, and an unusable uid is not shown', () => {
    const published = mistakes(file(garage('    publish_allowed_to: [{ group_id: G1 }]\n')));
    expect(published).toEqual([expect.stringContaining('locations.0.publish_allowed_to: needs publish: false')]);
    const long = mistakes(file(garage(`    publish: false\n    publish_allowed_to: [{ uid: ${'SECRET'.repeat(7)}, type: RFID }]\n`)));
    expect(long).toEqual([expect.not.stringContaining('SECRET')]);
  });

  test('have unique ids; upper and lower case are equal', () => {
    expect(mistakes(file(garage() + garage().replace('LOC1', 'loc1')))).toEqual(['9 locations: id loc1 is used twice; each must be unique']);
  });

  test.each([
    ['country: NLD', 'country: NL', '13 locations.0.country: found "NL", must be the three letters of ISO 3166-1 alpha-3, such as NLD'],
    ['latitude: "52.37403"', 'latitude: 52.37403', '14 locations.0.coordinates.latitude: found a number; put it in quotes'],
    ['"4.88969"', '"4.8"', '14 locations.0.coordinates.longitude: found "4.8", must be degrees in quotes with five or six decimals, such as "4.88969"'],
    ['    city: Amsterdam\n', '', '10 locations.0.city: is missing'],
    [
      'city: Amsterdam',
      'town: Amsterdam',
      '12 locations.0.town: is not a known key; allowed are id, party, name, address, city, postal_code, country, coordinates, time_zone, publish, publish_allowed_to',
    ],
  ])('%s must not become %s', (right, wrong, says) => {
    expect(mistakes(file(garage().replace(right, wrong)))).toContain(says);
  });

  test.each([
    ['address', 255],
    ['city', 45],
  ])('%s has at most %i characters', (field, most) => {
    const filled = (length: number) => file(garage().replace(new RegExp(`${field}: .*`), `${field}: ${'x'.repeat(length)}`));
    expect(mistakes(filled(most))).toEqual([]);
    expect(mistakes(filled(most + 1))).toHaveLength(1);
  });
});

test('an EVSE may name its connector; the format is SOCKET or CABLE', () => {
  expect(parseConfig(file(garage(), ', connector_standard: CHADEMO, connector_format: CABLE'))).toMatchObject({ ok: true });
  expect(mistakes(file(garage(), ', connector_format: PLUG'))).toEqual([
    '8 charge_points.0.evses.0.connector_format: found "PLUG", must be one of SOCKET, CABLE',
  ]);
});

test('F-85: an entry of reachable is a private range or a single address, and a mistake says so', () => {
  const reaching = (entries: string) =>
    `public_url: https://cpo.example\nparties: [{ role: CPO, country_code: NL, party_id: EVK, name: Evenkeel }]\nreachable: ${entries}\ntls: { ca_file: ca.pem }`;
  expect(parseConfig(reaching('[10.0.0.0/8, 127.0.0.1, fd00::/8]'))).toMatchObject({ ok: true, value: { tls: { ca_file: 'ca.pem' } } });
  expect(mistakes(reaching('[10.0.0.0/8, 127.0.0.0/8, 0.0.0.0/0, cpo.example]'))).toEqual([
    expect.stringContaining('reachable.1: found 127.0.0.0/8, allowed are ranges of private networks'),
    expect.stringContaining('reachable.2: found 0.0.0.0/0'),
    expect.stringContaining('reachable.3: found cpo.example'),
  ]);
});

const withConsole = (console: string, more = '') => `public_url: https://cpo.example
parties: [{ role: CPO, country_code: NL, party_id: EVK, name: Evenkeel }]
${more}
console: ${console}`;

describe('the console in the configuration', () => {
  test('SEC-36: is off by default, and needs https where other machines can reach it', () => {
    const none = parseConfig(withConsole('{}').replace(/console.*/, ''));
    expect(none.ok && none.value.console).toBeUndefined();
    expect(mistakes(withConsole('{}', 'listen: { host: 0.0.0.0 }'))).toEqual([]);
    const unencrypted = (host: string) => withConsole('{}', `insecure_http: true\nlisten: { host: "${host}" }`).replace('https:', 'http:');
    expect(['127.0.0.1', '::1', 'localhost'].flatMap((host) => mistakes(unencrypted(host)))).toEqual([]);
    expect(mistakes(unencrypted('0.0.0.0'))).toEqual([expect.stringContaining('5 console: needs a public_url with https')]);
  });

  test('F-80: listen_operator has its own rules, and the console is reached there', () => {
    const operators = (at: string) => withConsole('{}', `listen: { host: 0.0.0.0 }\nlisten_operator: ${at}`);
    expect(parseConfig(operators('{}'))).toMatchObject({ ok: true, value: { listen_operator: { host: '127.0.0.1', port: 8081, trusted_proxies: [] } } });
    expect(parseConfig(operators('{ host: 0.0.0.0, url: https://ops.example.com }'))).toMatchObject({ ok: true });
    expect(mistakes(operators('{ host: 10.0.0.5 }'))).toEqual([expect.stringContaining('needs a listen_operator.url with https')]);
    expect(mistakes(operators('{ url: https://ops.example.com/ }'))).toEqual([expect.stringContaining('without a slash at the end')]);
    expect(mistakes(operators('{ trusted_proxies: [proxy] }'))).toEqual([expect.stringContaining('listen_operator.trusted_proxies.0: found proxy')]);
  });

  test('the issuer must use https, and the scope must contain openid', () => {
    const oidc = (issuer: string, scope: string) => withConsole(`{ oidc: { issuer: "${issuer}", client_id: evenkeel, scope: "${scope}" } }`);
    expect(parseConfig(oidc('https://login.example', 'openid'))).toMatchObject({ ok: true, value: { console: { oidc: { role_claim: 'roles', roles: {} } } } });
    expect(mistakes(oidc('http://login.example', 'openid'))).toEqual([expect.stringContaining('console.oidc.issuer: is http')]);
    expect(mistakes(oidc('https://login.example', 'profile'))).toEqual([expect.stringContaining('console.oidc.scope: must contain openid')]);
  });
});
