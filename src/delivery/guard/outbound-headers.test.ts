import { describe, expect, test } from 'vitest';
import { listHeaders } from './outbound-headers.ts';

describe('headers of a request to a peer', () => {
  test('SEC-21: printable headers are listed after the client’s own', () => {
    expect(listHeaders({ 'OCPI-to-party-id': 'ABC', 'content-type': 'application/json' }, ['user-agent', 'x'])).toEqual({
      ok: true,
      value: ['user-agent', 'x', 'OCPI-to-party-id', 'ABC', 'content-type', 'application/json'],
    });
  });

  test.each(['NL\r\nX: y', 'a\nb', 'a\rb', 'a\u0000b', 'a\tb', 'é', '\u007f', '\u{1f600}'])('SEC-21: the value %j is refused and not quoted', (value) => {
    expect(listHeaders({ 'ocpi-from-party-id': value }, [])).toEqual({
      ok: false,
      problem: 'header ocpi-from-party-id: found a character that is not printable ASCII',
    });
  });

  test.each(['a b', 'a:b', 'a\r\nb', '', 'é', 'Host', 'Content-Length', 'transfer-encoding', 'Connection', 'expect', 'Accept-Encoding', 'upgrade'])(
    'SEC-21: a header named %j is refused',
    (name) => expect(listHeaders({ [name]: '1' }, [])).toMatchObject({ ok: false }),
  );
});
