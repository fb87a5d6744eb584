import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { presentedTokens, printAuthorization, printRouting, readId, readRouting } from './headers.ts';

const anyToken = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((it) => String.fromCharCode(it)), minLength: 1, maxLength: 64 });
const texts = (header: string | undefined) => presentedTokens(header).map(({ text }) => text);
const encoded = (text: string) => `Token ${Buffer.from(text).toString('base64')}`;

describe('the Authorization header', () => {
  test('TRN-02: is "Token", one space, and Base64', () => {
    fc.assert(fc.property(anyToken, (text) => void expect(printAuthorization({ text, style: 'base64' })).toMatch(/^Token [A-Za-z0-9+/]+={0,2}$/)));
  });

  test('TRN-03: every token of 1 to 64 printable characters is read back unchanged', () => {
    fc.assert(
      fc.property(anyToken, (text) => void expect(presentedTokens(printAuthorization({ text, style: 'base64' }))[0]).toEqual({ text, style: 'base64' })),
    );
  });

  test.each([
    ['no padding and a plus', '~~>', 'Token fn4+'],
    ['one pad and a slash', '~?', 'Token fj8='],
    ['two pads', 'a', 'Token YQ=='],
    ['a slash', '???', 'Token Pz8/'],
  ])('TRN-03: with %s it uses the standard alphabet with padding', (_, text, header) => {
    expect(printAuthorization({ text, style: 'base64' })).toBe(header);
    expect(texts(header)[0]).toBe(text);
  });

  test('TRN-05: the raw token is read too, after the decoded one', () => {
    expect(presentedTokens('Token ebf3b399-779f-4497-9b9d-ac6ad3cc44d2')).toEqual([{ text: 'ebf3b399-779f-4497-9b9d-ac6ad3cc44d2', style: 'raw' }]);
    expect(presentedTokens('Token YWJj')).toEqual([
      { text: 'abc', style: 'base64' },
      { text: 'YWJj', style: 'raw' },
    ]);
    expect(printAuthorization({ text: 'abc', style: 'raw' })).toBe('Token abc');
  });

  test('A-01: an encoded line break at the end, as in the specification’s example, is not part of the token', () => {
    expect(texts('Token ZXhhbXBsZS10b2tlbgo=')[0]).toBe('example-token');
    expect(texts(encoded('example-token\r\n'))[0]).toBe('example-token');
  });

  test.each([
    ['a missing header', undefined],
    ['no scheme', 'ZXhhbXBsZQ=='],
    ['another scheme', 'Bearer ZXhhbXBsZQ=='],
    ['the scheme alone', 'Token '],
    ['10 kB', `Token ${'a'.repeat(10_000)}`],
    ['two tokens', 'Token abc def'],
  ])('TRN-08: %s has no token', (_, header) => {
    expect(presentedTokens(header)).toEqual([]);
  });

  test('TRN-08: Base64 with a space, a control character or ü inside is not a token', () => {
    for (const text of ['a b', 'a\tb', 'ü', 'a\n\nb', '']) expect(texts(encoded(text))).not.toContain(text);
  });
});

describe('the ids of a message', () => {
  test('TRN-48: any text of a peer is accepted as an id and cut to 64 printable characters', () => {
    expect(readId('not a uuid\r\n{"level":"error"}')).toBe('notauuid{"level":"error"}');
    expect(readId('x'.repeat(10_000))).toBe('x'.repeat(64));
    expect(readId('\u0007')).toBeUndefined();
  });
});

describe('the routing headers', () => {
  test('RTE-03: a country code of two and a party id of three characters are read, others are reported', () => {
    expect(readRouting({ 'ocpi-to-country-code': 'nl', 'ocpi-to-party-id': 'EVK' })).toEqual({
      ok: true,
      value: { to: { countryCode: 'nl', partyId: 'EVK' } },
    });
    expect(readRouting({})).toEqual({ ok: true, value: {} });
    for (const country of ['NLD', '', 'N', 'N\tL']) {
      expect(readRouting({ 'ocpi-from-country-code': country, 'ocpi-from-party-id': 'EVK' })).toEqual({
        ok: false,
        problem: expect.stringContaining('OCPI-from-country-code'),
      });
    }
    expect(readRouting({ 'ocpi-to-country-code': 'NL' })).toEqual({ ok: false, problem: expect.stringContaining('OCPI-to-party-id: missing') });
  });

  test('RTE-01: written headers are read back', () => {
    const routing = { to: { countryCode: 'NL', partyId: 'EVK' }, from: { countryCode: 'DE', partyId: 'MSP' } };
    const written = Object.fromEntries(Object.entries(printRouting(routing)).map(([name, value]) => [name.toLowerCase(), value]));
    expect(readRouting(written)).toEqual({ ok: true, value: routing });
  });
});
