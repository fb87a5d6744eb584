import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clearChargingProfile } from './chargingprofiles/clear-charging-profile.ts';
import { getActiveChargingProfile } from './chargingprofiles/get-active-charging-profile.ts';
import { PageQuery } from './paging.ts';
import { readQuery } from './query.ts';

const read = (raw: string) => {
  const found = readQuery(getActiveChargingProfile.query, raw);
  return found.ok ? found.value : found.problem;
};
const anyUrl = fc.webUrl({ withQueryParameters: true, validSchemes: ['https', 'http'] });

describe('the query of a request', () => {
  test('A-06: an unencoded response_url as the last parameter keeps its own query byte for byte', () => {
    expect(read('duration=900&response_url=https://x/y?id=1&z=2')).toEqual({ duration: 900, response_url: 'https://x/y?id=1&z=2' });
    expect(read('duration=900&response_url=https://x/y?id=a%2Fb&duration=5')).toEqual({ duration: 900, response_url: 'https://x/y?id=a%2Fb&duration=5' });
  });

  test('A-06: an unencoded response_url before other parameters ends where a known parameter begins', () => {
    expect(read('response_url=https://x/y?id=1&z=2&duration=900')).toEqual({ duration: 900, response_url: 'https://x/y?id=1&z=2' });
    expect(read('response_url=https://x/y&duration=900')).toEqual({ duration: 900, response_url: 'https://x/y' });
  });

  test('A-06: an encoded response_url is decoded once, at any position', () => {
    expect(read('response_url=https%3A%2F%2Fx%2Fy%3Fid%3Da%252Fb%26z%3D2&duration=900')).toEqual({ duration: 900, response_url: 'https://x/y?id=a%2Fb&z=2' });
  });

  test('CP-04: any URL with ? & # % inside is read unchanged, encoded or not', () => {
    fc.assert(
      fc.property(anyUrl, fc.webFragments(), (url, fragment) => {
        const raw = readQuery(clearChargingProfile.query, `response_url=${url}`);
        expect(raw).toEqual({ ok: true, value: { response_url: url } });
        const whole = `${url}#${fragment}`;
        expect(readQuery(clearChargingProfile.query, `response_url=${encodeURIComponent(whole)}`)).toEqual({ ok: true, value: { response_url: whole } });
      }),
    );
  });

  test('CP-02: integers become numbers; other values stay text', () => {
    for (const text of ['abc', '1.5', '1e3', '', ' 1', '99999999999999999999'])
      expect(read(`duration=${encodeURIComponent(text)}`)).toEqual({ duration: text });
    expect(read('duration=-1')).toEqual({ duration: -1 });
  });

  test('a parameter that comes twice or has broken percent-encoding is named', () => {
    expect(read('duration=1&duration=2')).toBe('duration: found twice, allowed: once');
    expect(read('duration=%E0%A4')).toContain('duration: found broken percent-encoding');
  });

  test('TRN-43: unknown parameters are ignored', () => {
    expect(read('x=%E0&__proto__=1&constructor=2&duration=9&&=')).toEqual({ duration: 9 });
  });

  test('TRN-17: a plus in a date stays a plus, and every parameter may be absent', () => {
    expect(readQuery(PageQuery, 'date_from=2026-01-01T00:00:00+00:00')).toEqual({ ok: true, value: { date_from: '2026-01-01T00:00:00+00:00' } });
    expect(readQuery(PageQuery, '')).toEqual({ ok: true, value: {} });
  });
});
