import { describe, expect, test } from 'vitest';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { seconds, toSeconds, wattHours, watts } from '../../domain/units.ts';
import { differsEnough } from './differs-enough.ts';
import { inHours, limits, now, session, upTo } from './steered-session.fixture.ts';

const worth = (sent: ChargingProfile | undefined, planned: ChargingProfile, who = session(1)) =>
  differsEnough(sent, planned, { session: who, now: toSeconds(now) });
const inWatts = (limit: number): ChargingProfile => ({ unit: 'W', start: toSeconds(now), periods: [{ start: seconds(0), limit: watts(limit) }] });

describe('a plan is worth a message', () => {
  test('when nothing was sent, or in another unit', () => {
    expect([worth(undefined, upTo(16)), worth(inWatts(11_000), upTo(16))]).toEqual([true, true]);
  });

  test.each<[string, [number, number], boolean]>([
    ['1 A is not enough', [16, 17], false],
    ['1.1 A is', [16, 17.1], true],
    ['5 % of more are needed', [40, 42], false],
    ['and then are enough', [40, 42.1], true],
    ['down as well as up', [17.1, 16], true],
  ])('when it differs soon: %s', (_, [sent, planned], is) => {
    expect(worth(upTo(sent), upTo(planned))).toBe(is);
  });

  test('but not for a difference that is more than 15 minutes away', () => {
    expect(worth(upTo(16), limits([0, 16], [900, 0]))).toBe(false);
    expect(worth(upTo(16), limits([0, 16], [899, 0]))).toBe(true);
  });

  test('when the session would have 0.5 kWh more or less at its departure, as far as it needs them', () => {
    const cheap = (need: number) =>
      session(1, { preferences: { profileType: 'CHEAP', departure: inHours(4), energyNeed: wattHours(need), dischargeAllowed: false } });
    const [sent, later] = [limits([0, 16], [3_600, 0]), limits([0, 16], [3_600, 0], [7_200, 16], [9_000, 0])];
    expect([worth(sent, later, cheap(30_000)), worth(sent, later, cheap(11_000)), worth(sent, later)]).toEqual([true, false, false]);
  });

  test('when what was sent ends within half an hour and the plan reaches further', () => {
    expect(worth(limits([0, 16], [1_700, 0]), limits([0, 16], [1_700, 0], [3_600, 16]))).toBe(true);
    expect(worth(limits([0, 16], [1_900, 0]), limits([0, 16], [1_900, 0], [3_600, 16]))).toBe(false);
    expect(worth(limits([0, 16], [1_700, 0]), limits([0, 16], [1_700, 0]))).toBe(false);
  });
});
