import { describe, expect, test } from 'vitest';
import { addressKind, isSameAddress, mayConnect } from './address.ts';

describe('where an address leads', () => {
  test.each(['8.8.8.8', '1.1.1.1', '100.63.255.255', '100.128.0.1', '172.15.0.1', '172.32.0.1', '198.17.0.1', '223.255.255.254', '2606:4700::1111', '2a00::1'])(
    'SEC-01: %s is public',
    (address) => expect(addressKind(address)).toBe('public'),
  );

  test.each(['127.0.0.1', '127.255.255.254', '::1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fdff::1'])(
    'SEC-01: %s stays in the house',
    (address) => expect(addressKind(address)).toBe('local'),
  );

  test.each([
    ...['0.0.0.0', '0.1.2.3', '100.64.0.1', '169.254.169.254', '192.0.0.1', '192.0.0.192', '192.0.2.1', '192.31.196.1', '192.52.193.1', '192.88.99.1'],
    ...['192.175.48.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255'],
    ...['::', '::7f00:1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:0:7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '100::1', '2001::1'],
    ...['2001:2::1', '2001:10::1', '2001:20::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', '4000::1', '5f00::1', 'fe80::1', 'febf::1', 'fec0::1', 'ff02::1'],
  ])('SEC-01: %s is nowhere to go', (address) => expect(addressKind(address)).toBe('forbidden'));

  test.each(['127.1', '0x7f.1', '2130706433', '0177.0.0.1', 'fe80::1%eth0', '2606:4700::1111%1', 'cpo.example', '[::1]', ''])(
    'SEC-01: "%s" is no address in its plain form, so nowhere to go',
    (address) => expect(addressKind(address)).toBe('forbidden'),
  );

  test('SEC-01: the laboratory switch opens the house, and nothing else', () => {
    expect(['127.0.0.1', '10.0.0.1', '::1', '169.254.169.254', '64:ff9b::7f00:1', '224.0.0.1'].filter((address) => mayConnect(address, true))).toEqual([
      '127.0.0.1',
      '10.0.0.1',
      '::1',
    ]);
    expect(mayConnect('10.0.0.1', false)).toBe(false);
  });

  test('SEC-03: two spellings of one IPv6 address are the same, and no name is an address', () => {
    expect(isSameAddress('2606:4700:0:0::1111', '2606:4700::1111')).toBe(true);
    expect(isSameAddress('2606:4700::1111', '2606:4700::1112')).toBe(false);
    expect(isSameAddress('cpo.example', '127.0.0.1')).toBe(false);
  });
});
