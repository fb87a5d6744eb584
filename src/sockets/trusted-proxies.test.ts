import { describe, expect, test } from 'vitest';
import { addressIn, clientAddress, isAddressRange } from './trusted-proxies.ts';

describe('trusted proxies', () => {
  test.each(['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'])('%s is an address or a range', (text) => {
    expect(isAddressRange(text)).toBe(true);
  });
  test.each(['', 'localhost', '10.0.0.0/33', '10.0.0.0/8/8', '10.1', '10.0.0.0/'])('%j is none', (text) => {
    expect(isAddressRange(text)).toBe(false);
  });
  test('an address is found in its range, also in IPv6 form', () => {
    const isProxy = addressIn(['10.0.0.0/8', '::1']);
    expect(['10.1.2.3', '::ffff:10.1.2.3', '::1'].map(isProxy)).toEqual([true, true, true]);
    expect(['11.0.0.1', '::2', 'nonsense', ''].map(isProxy)).toEqual([false, false, false, false]);
  });
  test('the client address is the last hop that is no proxy; nobody can pretend another', () => {
    const isProxy = addressIn(['10.0.0.0/8']);
    expect(clientAddress('10.0.0.1', '6.6.6.6, 8.8.8.8, 10.0.0.2', isProxy)).toBe('8.8.8.8');
    expect(clientAddress('9.9.9.9', '8.8.8.8', isProxy)).toBe('9.9.9.9');
    expect(clientAddress('10.0.0.1', undefined, isProxy)).toBe('10.0.0.1');
  });
  test('without ranges nobody is a proxy', () => {
    expect(addressIn([])('127.0.0.1')).toBe(false);
  });
});
