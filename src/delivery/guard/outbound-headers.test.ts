import { describe, expect, test } from 'vitest';
import { listHeaders } from './outbound-headers.ts';

describe('headers on their way out', () => {
  test('SEC-21: printable ones are listed after our own', () => {
    expect(listHeaders({ 'OCPI-to-party-id': 'ABC', 'content-type': 'application/json' }, ['user-agent', 'x'])).toEqual({
      ok: true,
      value: ['user-agent', 'x', 'OCPI-to-party-id', 'ABC', 'content-type', 'application/json'],
    });
  });

  test.each(['NL\r\nX: y', 'a\nb', 'a\rb', 'a\u0000b', 'a\tb', 'é', '\u007f', '\u{1f600}'])('SEC-21: the value %j is refused, and not repeated', (value) => {
    expect(listHeaders({ 'ocpi-from-party-id': value }, [])).toEqual({ ok: false, problem: 'header ocpi-from-party-id may hold printable ASCII only' });
  });

  test.each(['a b', 'a:b', 'a\r\nb', '', 'é', 'Host', 'Content-Length', 'transfer-encoding', 'Connection', 'expect', 'Accept-Encoding', 'upgrade'])(
    'SEC-21: a header named %j cannot be set',
    (name) => expect(listHeaders({ [name]: '1' }, [])).toMatchObject({ ok: false }),
  );
});
