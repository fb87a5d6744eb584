import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { profileIdOf, transactionNumberOf } from './stable-numbers.ts';

const INT32 = 2 ** 31 - 1;

describe('the chargingProfileId of a session', () => {
  test('is stored at charge points, so it is the same in every version of this node', () => {
    expect([profileIdOf(''), profileIdOf('NL*EVK*S1'), profileIdOf('NL*EVK*S2')]).toEqual([1_615_275_888, 1_836_771_944, 1_824_188_731]);
  });

  test('is a positive number of 32 bits, above the ids that OCPP 2.1 reserves for the charge point', () => {
    fc.assert(
      fc.property(fc.string(), (session) => {
        const id = profileIdOf(session);
        expect(Number.isInteger(id) && id >= 2 ** 30 && id <= INT32).toBe(true);
      }),
    );
  });
});

describe('the transactionId of a start in OCPP 1.6', () => {
  test('is stored at charge points, so it is the same in every version of this node', () => {
    expect([transactionNumberOf('', 0), transactionNumberOf('CP-1*2026', 0)]).toEqual([541_534_065, 70_215_798]);
  });

  test('is the next number at each further attempt', () => {
    expect(transactionNumberOf('CP-1*2026', 3)).toBe(transactionNumberOf('CP-1*2026', 0) + 3);
  });

  test('is from 1 to the largest number below 2^31, also for an attempt beyond the end', () => {
    const last = 2 ** 31 - 2;
    const first = transactionNumberOf('CP-1', 0);
    expect(transactionNumberOf('CP-1', last - first)).toBe(last);
    expect(transactionNumberOf('CP-1', last - first + 1)).toBe(1);
  });
});
