import { describe, expect, test } from 'vitest';
import { parseConfig } from './config-file.ts';
import { csmsOf } from './gateway-mistakes.ts';
import { showConfig } from './show-config.ts';

const config = (lines: { ocpp?: string; points?: string; more?: string }) =>
  parseConfig(`
public_url: https://cpo.example
parties: [{ role: CPO, country_code: NL, party_id: EVK, name: Evenkeel }]
ocpp: { security_profile: 1, ${lines.ocpp ?? 'upstream: { url: "wss://csms.example/ocpp/{id}?key=abc" }'} }
charge_points: [${lines.points ?? ''}]
${lines.more ?? ''}`);

const point = (more: string) =>
  `{ id: CP1, location_id: L, evses: [{ uid: CP1-1, evse_id: 1, power_type: AC_3_PHASE, max_voltage: 230, max_amperage: 32 }], ${more} }`;
const mistakes = (...lines: Parameters<typeof config>) => {
  const read = config(...lines);
  return read.ok ? [] : read.problem.map(({ key, says }) => `${key}: ${says}`);
};

describe('the configuration of a gateway', () => {
  test('GW-A06: a charge point needs no password here when the CSMS checks it, and one of its own when the node shows one', () => {
    expect(mistakes({ points: point('') })).toEqual([]);
    expect(mistakes({ points: point('upstream: none') })).toEqual([expect.stringMatching(/^charge_points\.0\.password: is missing for CP1/)]);
    const own = 'upstream: { url: "wss://csms.example/{id}", authorization: own }';
    expect(mistakes({ ocpp: own, points: point('password: 0123456789abcdef') })).toEqual([
      'charge_points.0.upstream.password: is missing for CP1: ocpp.upstream.authorization is own',
    ]);
    expect(mistakes({ ocpp: own, points: point('password: 0123456789abcdef, upstream: { password: fedcba9876543210 }') })).toEqual([]);
  });

  test('GW-A09: unknown charge points pass only to a CSMS that checks them', () => {
    expect(mistakes({ more: 'charge_points_unknown: pass' })).toEqual([]);
    expect(mistakes({ ocpp: 'upstream: { url: "wss://a/{id}", authorization: none }', more: 'charge_points_unknown: pass' })).toEqual([
      expect.stringMatching(/^charge_points_unknown: pass needs ocpp.upstream.authorization: pass/),
    ]);
    expect(mistakes({ ocpp: 'port: 9220', more: 'charge_points_unknown: pass' })).toEqual([
      'charge_points_unknown: pass needs ocpp.upstream, the CSMS that they pass to',
    ]);
    expect(mistakes({ ocpp: 'port: 9220', points: point('password: 0123456789abcdef, upstream: { mode: observe }') })).toEqual([
      expect.stringMatching(/^charge_points\.0\.upstream: needs ocpp\.upstream/),
    ]);
  });

  test('GW-A06: a CSMS without encryption must be named by its very address', () => {
    const ws = { ocpp: 'upstream: { url: "ws://10.1.2.3:8180/{id}" }' };
    expect(mistakes(ws)).toEqual([expect.stringMatching(/^ocpp\.upstream\.url: is ws, which is not encrypted/)]);
    expect(mistakes({ ...ws, more: 'reachable: ["10.0.0.0/8"]' })).toHaveLength(1);
    expect(mistakes({ ...ws, more: 'reachable: ["10.1.2.3"]' })).toEqual([]);
    expect(mistakes({ points: point('upstream: { url: "ws://csms.example/{id}" }') })).toEqual([
      expect.stringMatching(/^charge_points\.0\.upstream\.url: is ws/),
    ]);
  });

  test('GW-A06: passwords and the query of a URL are never shown', () => {
    const read = config({ points: point('upstream: { url: "wss://b/{id}?k=secret1", password: secret-secret-1 }') });
    if (!read.ok) throw new Error(JSON.stringify(read.problem));
    expect(showConfig(read.value)).toContain('wss://csms.example/ocpp/{id}?***');
    expect(showConfig(read.value)).not.toMatch(/abc|secret/);
    expect(mistakes({ ocpp: 'upstream: { url: "https://user:secret1@csms/?k=secret2" }' }).join()).not.toMatch(/secret/);
  });

  test('GW-A05: what a charge point sets of its own is over what all have', () => {
    const read = config({ points: point('upstream: { mode: observe, smart_charging: csms }') });
    if (!read.ok) throw new Error(JSON.stringify(read.problem));
    const [own] = read.value.charge_points;
    expect(csmsOf(read.value, own ?? {})).toMatchObject({ mode: 'observe', smart_charging: 'csms', when_away: 'keep', keep: { messages: 10_000, days: 7 } });
    expect(csmsOf(read.value, {})).toMatchObject({ mode: 'act', smart_charging: 'strictest' });
    expect(csmsOf(read.value, { upstream: 'none' })).toBeUndefined();
  });
});
