import fc from 'fast-check';
import { type TSchema, Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { ActiveChargingProfile, ChargingProfile, ChargingProfileResponse } from './chargingprofiles/charging-profile.ts';
import { setChargingProfile } from './chargingprofiles/set-charging-profile.ts';
import { Credentials } from './credentials/credentials.ts';
import { validProfile, validSession, validSet } from './open-server.fixture.ts';
import { readLeniently } from './patience/read-leniently.ts';
import { problemWith } from './problem.ts';
import { CiString, HttpUrl, Num, Text, Token } from './scalars.ts';
import { Session, SessionPatch } from './sessions/session.ts';
import { VersionDetail } from './versions/version.ts';

const credentials = {
  token: 'a-token',
  url: 'https://x.example/ocpi/versions',
  roles: [
    {
      role: 'CPO',
      country_code: 'NL',
      party_id: 'EXA',
      business_details: {
        name: 'Exa',
        website: 'www.exa.nl',
        logo: { url: 'https://x/l.png', category: 'OPERATOR', thumbnail: 'https://x/t.png', type: 'png', width: 5, height: 5 },
      },
    },
  ],
};
const fullSession = {
  ...validSession,
  end_date_time: '2026-11-23T11:00:00Z',
  authorization_reference: 'A1',
  meter_id: 'M1',
  charging_periods: [{ start_date_time: '2026-11-23T10:00:00Z', dimensions: [{ type: 'ENERGY', volume: 1 }], tariff_id: 'T' }],
};
const objects: [string, TSchema, object][] = [
  ['Session', Session['2.2.1'], { ...fullSession, total_cost: { excl_vat: 1, incl_vat: 1.2 } }],
  [
    'Session of 2.3.0',
    Session['2.3.0'],
    { ...fullSession, total_cost: { before_taxes: 1, taxes: [{ name: 'VAT', account_number: '1', percentage: 20, amount: 0.2 }] } },
  ],
  ['Credentials', Credentials['2.2.1'], credentials],
  ['Credentials of 2.3.0', Credentials['2.3.0'], { ...credentials, hub_party_id: 'NLHUB' }],
  ['SetChargingProfile', setChargingProfile.body, validSet],
  ['ActiveChargingProfile', ActiveChargingProfile, { start_date_time: '2026-11-23T12:00:00Z', charging_profile: validProfile }],
  ['VersionDetail', VersionDetail, { version: '2.2.1', endpoints: [{ identifier: 'credentials', role: 'SENDER', url: 'https://x/c' }] }],
];

/** Every field of a schema with its path in a valid value; `0` is the first entry of a list. */
function* fieldsIn(schema: unknown, path: (string | number)[] = []): Generator<{ path: (string | number)[]; schema: object; required: boolean }> {
  if (typeof schema !== 'object' || schema === null) return;
  const properties: unknown = Reflect.get(schema, 'properties');
  const required: unknown = Reflect.get(schema, 'required');
  if (typeof properties === 'object' && properties !== null) {
    for (const [name, inner] of Object.entries(properties)) {
      yield { path: [...path, name], schema: inner, required: Array.isArray(required) && required.includes(name) };
      yield* fieldsIn(inner, [...path, name]);
    }
  }
  yield* fieldsIn(Reflect.get(schema, 'items'), [...path, 0]);
}

/** A copy of a value with one field replaced, or removed when `to` is undefined. */
function changed(value: unknown, [step, ...rest]: readonly (string | number)[], to: unknown): unknown {
  if (step === undefined) return to;
  if (Array.isArray(value)) return value.map((it, at) => (at === step ? changed(it, rest, to) : it));
  const entries = Object.entries(value ?? {}).map(([name, it]) => [name, name === step ? changed(it, rest, to) : it]);
  return Object.fromEntries(entries.filter(([, it]) => it !== undefined));
}
const printed = (path: readonly (string | number)[]) => path.map((it, at) => (typeof it === 'number' ? `[${it}]` : at === 0 ? it : `.${it}`)).join('');

describe('every typed field', () => {
  test.each(objects)('TRN-30: a missing required field of %s is named', (_, schema, value) => {
    expect(problemWith(schema, value)).toBeUndefined();
    const required = [...fieldsIn(schema)].filter((it) => it.required);
    expect(required.length).toBeGreaterThan(1);
    for (const { path } of required) expect(problemWith(schema, changed(value, path, undefined))).toBe(`${printed(path)}: missing`);
  });

  test.each(objects)('TYP-10: each text of %s passes with its maximum length and fails with one character more', (_, schema, value) => {
    const limited = [...fieldsIn(schema)].flatMap(({ path, schema: field }) => {
      const max: unknown = Reflect.get(field, 'maxLength');
      return typeof max === 'number' && !/date|_updated/.test(String(path.at(-1))) ? [{ path, max }] : [];
    });
    for (const { path, max } of limited) {
      const start = /url/.test(String(path.at(-1))) ? 'https://x/' : '';
      const text = (length: number) => start + 'x'.repeat(length - start.length);
      expect([printed(path), problemWith(schema, changed(value, path, text(max)))]).toEqual([printed(path), undefined]);
      expect(problemWith(schema, changed(value, path, text(max + 1)))).toContain(`${printed(path)}: found`);
    }
  });

  test.each(objects)('TRN-43: unknown fields at any level of %s are accepted', (_, schema, value) => {
    const inner = [[], ...[...fieldsIn(schema)].filter((it) => Reflect.get(it.schema, 'type') === 'object').map((it) => it.path)];
    fc.assert(
      fc.property(fc.constantFrom(...inner), fc.string(), fc.jsonValue(), (path, name, extra) => {
        const widened = changed(value, path, { ...within(value, path), [`${name}?`]: extra });
        expect(problemWith(schema, widened)).toBeUndefined();
      }),
    );
  });

  test.each(objects)('TYP-14: enum values of %s are case-sensitive', (_, schema, value) => {
    for (const { path, schema: field } of fieldsIn(schema)) {
      const values: unknown = Reflect.get(field, 'enum');
      if (Array.isArray(values))
        expect(problemWith(schema, changed(value, path, String(values[0]).toLowerCase()))).toContain(`allowed: ${values.join(', ').slice(0, 20)}`);
    }
  });
});

function within(value: unknown, path: readonly (string | number)[]): object {
  const found = path.reduce<unknown>((it, step) => (typeof it === 'object' && it !== null ? Reflect.get(it, step) : undefined), value);
  return typeof found === 'object' && found !== null ? found : {};
}

describe('scalars', () => {
  test('TYP-01: a CiString accepts 0x20 to 0x7E and nothing else', () => {
    for (let code = 0; code < 0x200; code++)
      expect([code, problemWith(CiString(1), String.fromCharCode(code)) === undefined]).toEqual([code, code >= 0x20 && code <= 0x7e]);
  });

  test('TYP-03: a string accepts any printable character, counted as code points', () => {
    expect(problemWith(Text(64), '🔌'.repeat(64))).toBeUndefined();
    expect(problemWith(Text(64), '🔌'.repeat(65))).toContain('at most 64 characters');
    expect(problemWith(Text(255), 'ü漢'.repeat(127))).toBeUndefined();
    for (const bad of ['\n', '\r', '\t', '\u0000', '\u007f', '\u0085', '\ud800']) expect(problemWith(Text(10), `a${bad}b`)).toContain('no control characters');
  });

  test('TYP-08: a number is a finite JSON number', () => {
    for (const good of ['11.0', '0', '-0', '1e-7', '-3.25']) expect(problemWith(Num, JSON.parse(good))).toBeUndefined();
    for (const bad of ['"11.0"', '1e400', '-1e309', 'null', 'true', '[]']) expect(problemWith(Num, JSON.parse(bad))).toContain('allowed: a JSON number');
  });

  test('TYP-09: a URL has at most 255 characters; one that is requested begins with http or https', () => {
    expect(problemWith(HttpUrl, `https://${'x'.repeat(247)}`)).toBeUndefined();
    expect(problemWith(HttpUrl, `https://${'x'.repeat(248)}`)).toContain('at most 255');
    for (const bad of ['ftp://x/y', 'file:///etc', '/relative', 'x', '', 'https://', 'https://a b', 'javascript:1', '//x/y'])
      expect(problemWith(HttpUrl, bad)).toContain('https://');
  });

  test('CRE-24: a token has 1 to 64 characters from ! to ~', () => {
    for (const good of ['a', '!~', 'x'.repeat(64)]) expect(problemWith(Token, good)).toBeUndefined();
    for (const bad of ['', 'x'.repeat(65), 'a b', 'a\n', '\u007f', 'ü']) expect(problemWith(Token, bad)).toBeDefined();
  });

  test('TRN-45: any required text may be #NA', () => {
    expect(problemWith(Session['2.2.1'], { ...validSession, evse_uid: '#NA', connector_id: '#NA' })).toBeUndefined();
  });

  test.each([
    ['256 kB of spaces', ' '.repeat(262_144)],
    ['256 kB of digits', '1'.repeat(262_144)],
    ['256 kB of dots', '.'.repeat(262_144)],
    ['a date with 256 kB of decimals', `2026-01-01T00:00:00.${'1'.repeat(262_144)}`],
  ])('SEC-22: %s is refused by its length', (_, text) => {
    for (const schema of [CiString(36), Text(255), HttpUrl, Token]) expect(problemWith(schema, text)).toContain('characters');
  });
});

describe('the message about a wrong field', () => {
  test('names at most three fields, has at most 255 characters, and quotes no secret', () => {
    const problem = problemWith(Session['2.2.1'], {
      ...validSession,
      cdr_token: { ...validSession.cdr_token, uid: `secret${'x'.repeat(40)}` },
      kwh: 'x'.repeat(1000),
      currency: 'EURO',
      status: 'busy',
    });
    expect(problem).toContain('cdr_token.uid: found a text of 46 characters');
    expect(problem?.length).toBeLessThanOrEqual(255);
    expect(problem).not.toContain('secret');
  });

  test('null in a required field is reported as missing', () => {
    expect(readLeniently(SessionPatch['2.2.1'], { last_updated: null })).toEqual({ ok: false, problem: 'last_updated: missing' });
  });

  test('CP-05: both fields of a ChargingProfileResponse are required, also in a refusal', () => {
    for (const result of ['ACCEPTED', 'NOT_SUPPORTED', 'REJECTED', 'TOO_OFTEN', 'UNKNOWN_SESSION']) {
      expect(problemWith(ChargingProfileResponse, { result, timeout: 0 })).toBeUndefined();
      expect(problemWith(ChargingProfileResponse, { result })).toBe('timeout: missing');
    }
    expect(problemWith(ChargingProfileResponse, { result: 'ACCEPTED', timeout: -1 })).toContain('timeout');
    expect(problemWith(Type.Array(ChargingProfile), [validProfile])).toBeUndefined();
  });
});
