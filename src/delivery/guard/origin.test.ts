import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forbiddenUrls } from '../../../test/forbidden-urls.ts';
import { originOf, parseTarget } from './origin.ts';

const allowedOrigins = new Set(['https://cpo.example', 'https://cpo.example:8443']);
const parse = (url: string) => parseTarget(url, { allowedOrigins, insecureHttp: false });

describe('a URL that a peer gives', () => {
  test.each([
    ['https://cpo.example/ocpi/r/1', '/ocpi/r/1'],
    ['https://cpo.example/A%2Fb/%c3%a9/', '/A%2Fb/%c3%a9/'],
    ['https://cpo.example/a/../b/./c//d', '/a/../b/./c//d'],
    ['https://cpo.example//evil.example/x', '//evil.example/x'],
    ['https://cpo.example/r?request_id=a|b&u=https://x.example/y?z={1}', '/r?request_id=a|b&u=https://x.example/y?z={1}'],
    ['https://cpo.example/r?', '/r?'],
    ['https://cpo.example?id=1', '/?id=1'],
    ['https://cpo.example', '/'],
    ['HTTPS://CPO.Example/Path', '/Path'],
    ['https://cpo.example:443/x', '/x'],
  ])('CP-12: %s is requested unchanged', (url, path) => {
    expect(parse(url)).toEqual({ ok: true, value: { origin: 'https://cpo.example', path } });
  });

  test('CP-12: any printable path and query is requested unchanged', () => {
    const characters = fc.string({ unit: fc.constantFrom(...'abzAZ09-._~!$&\'()*+,;=:@/?%|{}[]^`"<>') });
    const unchanged = fc.property(characters, (rest) => {
      expect(parse(`https://cpo.example/${rest}`)).toMatchObject({ value: { path: `/${rest}` } });
    });
    fc.assert(unchanged);
  });

  test('CP-12: another registered port is another origin', () => {
    expect(parse('https://cpo.example:8443/x')).toMatchObject({ value: { origin: 'https://cpo.example:8443' } });
    expect(parse('https://cpo.example:8444/x')).toMatchObject({ ok: false });
  });

  test('TYP-09: a URL of 255 characters is accepted, one of 256 is refused', () => {
    const start = 'https://cpo.example/';
    expect(parse(start.padEnd(255, 'x'))).toMatchObject({ ok: true });
    expect(parse(start.padEnd(256, 'x'))).toEqual({ ok: false, problem: 'found 256 characters, allowed: at most 255' });
  });

  test('VER-13: a relative URL is refused', () => {
    expect(parse('/ocpi/r/1')).toMatchObject({ ok: false, problem: expect.stringContaining('absolute') });
  });

  test('TRN-10: http is refused without --insecure-http', () => {
    const origins = new Set(['http://cpo.example']);
    expect(parseTarget('http://cpo.example/', { allowedOrigins: origins, insecureHttp: false })).toMatchObject({
      problem: expect.stringContaining('https://'),
    });
    expect(parseTarget('http://cpo.example/', { allowedOrigins: origins, insecureHttp: true })).toMatchObject({ ok: true });
  });

  test('SEC-06: an origin that is not registered for this peer is refused, and the refusal says how to correct it', () => {
    expect(parse('https://evil.example/r/1?secret=1')).toEqual({
      ok: false,
      problem:
        'found the origin https://evil.example, which is not registered for you: use one from your credentials or version details, or ask the operator to add it',
    });
  });

  test('SEC-06: with --insecure-http the origin must still be registered', () => {
    expect(parseTarget('http://127.0.0.1:1/', { allowedOrigins, insecureHttp: true })).toMatchObject({ ok: false });
  });

  test.each(['https://134744072/', 'https://8.8.2056/', 'https://0x8.8.8.8/', 'https://8.8.8.8./', 'https://[2606:4700:0:0::1111]/', 'https://cpo.example./'])(
    'SEC-01: %s is refused even when its normalised origin is registered',
    (url) => {
      const registered = new Set(['https://8.8.8.8', 'https://[2606:4700::1111]', 'https://cpo.example.', 'https://cpo.example']);
      expect(parseTarget(url, { allowedOrigins: registered, insecureHttp: false })).toMatchObject({ ok: false });
    },
  );

  test('SEC-01: the corpus has at least 120 URLs', () => expect(new Set(forbiddenUrls(1)).size).toBeGreaterThanOrEqual(120));

  test.each(forbiddenUrls(8443))('SEC-01: %j is refused', (url) => expect(parse(url)).toMatchObject({ ok: false }));

  test('SEC-01: a refusal contains no user name, path or query', () => {
    const problems = forbiddenUrls(1)
      .map((url) => parse(url))
      .map((result) => (result.ok ? '' : result.problem));
    expect(problems.filter((problem) => /secret|passwd|docker|\/r\/1/.test(problem))).toEqual([]);
  });

  test('SEC-22: a very long URL is refused by its length', () => {
    expect(parse(`https://${'a.'.repeat(200_000)}`)).toMatchObject({ problem: expect.stringContaining('400008') });
  });
});

describe('the origin of a URL that a peer registers', () => {
  test('SEC-02: it is normalised', () => {
    expect(originOf('https://CPO.example:443/ocpi/versions', { insecureHttp: false })).toEqual({ ok: true, value: 'https://cpo.example' });
    expect(originOf('https://[2606:4700::1111]:8443/ocpi', { insecureHttp: false })).toEqual({ ok: true, value: 'https://[2606:4700::1111]:8443' });
  });

  test('SEC-02: a local address is refused without --insecure-http, a forbidden one always', () => {
    expect(originOf('https://10.0.0.1/ocpi', { insecureHttp: false })).toEqual({
      ok: false,
      problem: 'found the address 10.0.0.1, which is not public: to allow it, list it or its range under reachable in the configuration',
    });
    expect(originOf('http://10.0.0.1/ocpi', { insecureHttp: true })).toMatchObject({ ok: true });
    expect(originOf('http://169.254.169.254/ocpi', { insecureHttp: true })).toMatchObject({ ok: false });
  });

  test('F-85: an address in a reachable range is accepted, with https', () => {
    const reach = { insecureHttp: false, reachable: ['10.0.0.0/8'] };
    expect(originOf('https://10.0.0.1:8443/ocpi', reach)).toEqual({ ok: true, value: 'https://10.0.0.1:8443' });
    expect(originOf('http://10.0.0.1/ocpi', reach)).toMatchObject({ ok: false });
    expect(originOf('https://192.168.0.1/ocpi', reach)).toMatchObject({ ok: false });
  });
});
