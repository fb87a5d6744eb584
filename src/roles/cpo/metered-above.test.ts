import { describe, expect, test } from 'vitest';
import type { Evse } from '../../domain/evse.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import { amperes, epochMillis, epochSeconds, seconds, volts, watts } from '../../domain/units.ts';
import { type Judgement, judgeMetered, type LimitInForce, limitInForce } from './metered-above.ts';

const ac: Evse = { uid: 'E1', evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) };
const dc: Evse = { ...ac, powerType: 'DC', maxVoltage: volts(920), maxAmperage: amperes(200), maxPower: watts(150_000) };
const T = 1_800_000_000;
const active = (...steps: [start: number, limit: number][]): ActiveChargingProfile => ({
  unit: 'A',
  start: epochSeconds(T),
  duration: seconds(3_600),
  periods: steps.map(([start, limit]) => ({ start: seconds(start), limit: amperes(limit) })),
});

describe('the limit that a reading is judged by', () => {
  interface Case {
    says: string;
    evse: Evse;
    active: ActiveChargingProfile | undefined;
    siteWatts: number | undefined;
    after: number;
    expected: LimitInForce | undefined;
  }
  const rows: [string, Evse, ActiveChargingProfile | undefined, number | undefined, number, LimitInForce | undefined][] = [
    ['nothing is known', ac, undefined, undefined, 10, undefined],
    ['10 A per phase is 6.9 kW, since the reading', ac, active([0, 10]), undefined, 10, { unit: 'W', limit: 6_900, since: epochSeconds(T) }],
    ['the step that runs now', ac, active([0, 16], [60, 8]), undefined, 90, { unit: 'W', limit: 5_520, since: epochSeconds(T + 60) }],
    ['the profile is over', ac, active([0, 10]), undefined, 4_000, undefined],
    ['the site allows less', ac, active([0, 16]), 6_900, 10, { unit: 'W', limit: 6_900, since: epochSeconds(T + 10) }],
    ['only a site limits', ac, undefined, 6_900, 10, { unit: 'W', limit: 6_900, since: epochSeconds(T + 10) }],
    ['A on DC has no known power', dc, active([0, 100]), undefined, 10, { unit: 'A', limit: 100, since: epochSeconds(T) }],
  ];
  const cases = rows.map(([says, evse, active, siteWatts, after, expected]): Case => ({ says, evse, active, siteWatts, after, expected }));
  test.each(cases)('CON-D01: $says', ({ evse, after, expected, ...known }) => {
    expect(limitInForce(evse, known, epochMillis((T + after) * 1000))).toEqual(expected);
  });
});

describe('metered power above the limit', () => {
  const limit: LimitInForce = { unit: 'W', limit: 6_900, since: epochSeconds(T) };
  interface Read {
    limit?: LimitInForce;
    now?: number;
  }
  const judge = (before: Judgement | undefined, ...[after, power, more = {}]: [after: number, power: number | undefined, more?: Read]) => {
    const at = epochMillis((T + after) * 1000);
    const now = epochMillis((T + (more.now ?? after)) * 1000);
    return judgeMetered(before, { at, power, current: undefined }, { limit: more.limit ?? limit, evse: ac, now });
  };
  const above = (since: number, measured: number): Judgement => ({ ...limit, above: { since: epochMillis((T + since) * 1000), measured } });

  test('CON-D01: no limit, no judgement', () =>
    expect(
      judgeMetered(above(40, 11_000), { at: epochMillis(T), power: 11_000, current: 5 }, { limit: undefined, evse: ac, now: epochMillis(T) }),
    ).toBeUndefined());

  const cases: [string, Judgement | undefined, Judgement][] = [
    ['the car has 30 s to follow', judge(undefined, 29, 11_000), limit],
    ['then it is above', judge(undefined, 30, 11_000), above(30, 11_000)],
    ['the meter may read 5 % and 50 W too much', judge(undefined, 60, 7_290), limit],
    ['it stays above since its first reading', judge(above(40, 11_000), 60, 10_800), above(40, 10_800)],
    ['it is over with a reading below', judge(above(40, 11_000), 60, 6_900), limit],
    ['a limit that is read again gives no new time', judge(limit, 60, 11_000, { limit: { ...limit, since: epochSeconds(T + 55) } }), above(60, 11_000)],
    ['an older reading is not judged', judge(undefined, 60, 11_000, { now: 300 }), limit],
    ['without a power nothing changes', judge(above(40, 11_000), 60, undefined), above(40, 11_000)],
  ];
  test.each(cases)('CON-D01: %s', (_, found, expected) => expect(found).toEqual(expected));

  test('CON-D01: a lower limit gives the car its time again', () => {
    const lower = { ...limit, limit: 4_140, since: epochSeconds(T + 100) };
    const after = judge(above(40, 11_000), 110, 6_900, { limit: lower });
    expect(after).toEqual(lower);
    expect(judge(after, 130, 6_900, { limit: lower })?.above).toEqual({ since: epochMillis((T + 130) * 1000), measured: 6_900 });
  });

  test('CON-D01: on DC a limit in A is compared with the current', () => {
    const amps: LimitInForce = { unit: 'A', limit: 100, since: epochSeconds(T) };
    const at = epochMillis((T + 60) * 1000);
    const judged = (current: number) => judgeMetered(undefined, { at, power: 80_000, current }, { limit: amps, evse: dc, now: at })?.above?.measured;
    expect([judged(104), judged(120)]).toEqual([undefined, 120]);
  });
});
