import { describe, expect, test } from 'vitest';
import { maskUid, maskUrl } from './masks.ts';

describe('masks', () => {
  test.each([
    ['DEADBEEF', '****BEEF'],
    ['A1B2C3D4E5F60001', '****0001'],
    ['C0FFEE', '****FEE'],
    ['1234', '****34'],
    ['', '****'],
  ])('SEC-25: card number %j is shown as %s', (uid, shown) => expect(maskUid(uid)).toBe(shown));

  test.each([
    ['https://msp.example/results/abc?key=1', 'https://msp.example/***'],
    ['https://user:secret@msp.example:8443/x', 'https://msp.example:8443/***'],
    ['no address', '***'],
  ])('SEC-25: URL %s is shown as %s', (url, shown) => expect(maskUrl(url)).toBe(shown));
});
