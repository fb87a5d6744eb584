import { describe, expect, test } from 'vitest';
import { addressKind, isSameAddress, mayConnect, rangeProblem, refusalOf } from './address.ts';

describe('the kind of an IP address', () => {
  test.each(['8.8.8.8', '1.1.1.1', '100.63.255.255', '100.128.0.1', '172.15.0.1', '172.32.0.1', '198.17.0.1', '223.255.255.254', '2606:4700::1111', '2a00::1'])(
    'SEC-01: %s is public',
    (address) => expect(addressKind(address)).toBe('public'),
  );

  test.each(['127.0.0.1', '127.255.255.254', '::1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fdff::1'])(
    'SEC-01: %s is local',
    (address) => expect(addressKind(address)).toBe('local'),
  );

  test.each([
    ...['0.0.0.0', '0.1.2.3', '100.64.0.1', '169.254.169.254', '192.0.0.1', '192.0.0.192', '192.0.2.1', '192.31.196.1', '192.52.193.1', '192.88.99.1'],
    ...['192.175.48.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255'],
    ...['::', '::7f00:1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:0:7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '100::1', '2001::1'],
    ...['2001:2::1', '2001:10::1', '2001:20::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', '4000::1', '5f00::1', 'fe80::1', 'febf::1', 'fec0::1', 'ff02::1'],
  ])('SEC-01: %s is forbidden', (address) => expect(addressKind(address)).toBe('forbidden'));

  test.each(['127.1', '0x7f.1', '2130706433', '0177.0.0.1', 'fe80::1%eth0', '2606:4700::1111%1', 'cpo.example', '[::1]', ''])(
    'SEC-01: "%s" is not an address in its plain form, so it is forbidden',
    (address) => expect(addressKind(address)).toBe('forbidden'),
  );

  test('SEC-01: --insecure-http allows local addresses and no others', () => {
    expect(
      ['127.0.0.1', '10.0.0.1', '::1', '169.254.169.254', '64:ff9b::7f00:1', '224.0.0.1'].filter((address) => mayConnect(address, { insecureHttp: true })),
    ).toEqual(['127.0.0.1', '10.0.0.1', '::1']);
    expect(mayConnect('10.0.0.1', { insecureHttp: false })).toBe(false);
  });

  test('SEC-03: two textual forms of one IPv6 address are equal, and a host name is not an address', () => {
    expect(isSameAddress('2606:4700:0:0::1111', '2606:4700::1111')).toBe(true);
    expect(isSameAddress('2606:4700::1111', '2606:4700::1112')).toBe(false);
    expect(isSameAddress('cpo.example', '127.0.0.1')).toBe(false);
  });
});

describe('addresses that the operator lets through', () => {
  test.each([
    [['10.0.0.0/8'], ['10.0.0.1', '10.255.255.255', '8.8.8.8'], ['192.168.1.1', '11.0.0.1.1', '127.0.0.1', '::ffff:10.0.0.1', '64:ff9b::a00:1', '10.1']],
    [
      ['192.168.7.0/24', 'fd12:3456::/32'],
      ['192.168.7.9', 'fd12:3456::1'],
      ['192.168.8.9', 'fd12:3457::1', '10.0.0.1', 'fe80::1'],
    ],
    [['100.64.0.0/10'], ['100.64.0.1', '100.127.255.255'], ['100.100.100.200', '10.0.0.1']],
    [['fd00::/8'], ['fd00::1', 'fd00:ec3::1'], ['fd00:ec2::254', 'fd20:ce::254', '::1']],
    [['10.0.0.7'], ['10.0.0.7'], ['10.0.0.8']],
    [
      ['127.0.0.1', '::1'],
      ['127.0.0.1', '::1'],
      ['127.0.0.2', '10.0.0.1', '::ffff:127.0.0.1', '0.0.0.0'],
    ],
    [
      ['169.254.169.254/32', 'fe80::1', 'fd00:ec2::254', '100.100.100.200'],
      ['169.254.169.254', 'fe80::1', 'fd00:ec2::254', '100.100.100.200'],
      ['169.254.169.253', 'fe80::2'],
    ],
    [
      ['127.0.0.0/8', '169.254.0.0/16', 'fe80::/10', '0.0.0.0/0', '::/0'],
      ['8.8.8.8', '10.0.0.1', 'fd00::1'],
      ['127.0.0.1', '169.254.169.254', 'fe80::1', '::1', 'fd00:ec2::254', '0.0.0.0'],
    ],
    [['0.0.0.0', '224.0.0.1', '255.255.255.255', '::'], [], ['0.0.0.0', '224.0.0.1', '255.255.255.255', '::']],
  ])('F-85: %j lets %j through, and not %j', (reachable, through, refused) => {
    const reach = { insecureHttp: false, reachable };
    expect(through.filter((address) => !mayConnect(address, reach))).toEqual([]);
    expect(refused.filter((address) => mayConnect(address, reach))).toEqual([]);
  });

  test('F-85: the refusal of an address says how to let it through, if there is a way', () => {
    const refused = (address: string) => refusalOf(address, { insecureHttp: false });
    expect(refused('10.1.2.3')).toBe('10.1.2.3, which is not public: to allow it, list it or its range under reachable in the configuration');
    expect(refused('169.254.169.254')).toBe('169.254.169.254, which is not public: to allow it, list this very address under reachable in the configuration');
    expect(refused('::1')).toContain('this very address');
    expect(refused('224.0.0.1')).toBe('224.0.0.1, which is not public');
    expect([refused('8.8.8.8'), refusalOf('10.1.2.3', { insecureHttp: false, reachable: ['10.0.0.0/8'] })]).toEqual([undefined, undefined]);
  });

  test('F-85: a range that would let nothing or too much through is a mistake', () => {
    const valid = [
      '10.0.0.0/8',
      '10.1.2.0/24',
      '172.16.0.0/12',
      '192.168.0.0/16',
      '100.64.0.0/10',
      'fc00::/7',
      '127.0.0.1',
      '::1',
      '169.254.169.254',
      '10.0.0.1/32',
    ];
    expect(valid.flatMap((range) => rangeProblem(range) ?? [])).toEqual([]);
    const wrong = [
      '127.0.0.0/8',
      '169.254.0.0/16',
      'fe80::/10',
      '0.0.0.0/0',
      '::/0',
      '8.0.0.0/6',
      '172.16.0.0/8',
      '224.0.0.1',
      '0.0.0.0',
      'cpo.example',
      '10.0.0.0/33',
      '10.1',
    ];
    expect(wrong.filter((range) => rangeProblem(range) === undefined)).toEqual([]);
    expect(rangeProblem('127.0.0.0/8')).toBe(
      'allowed are ranges of private networks, such as 10.0.0.0/8, and single addresses, such as 127.0.0.1: addresses of this machine and of the link are listed one by one',
    );
  });
});
