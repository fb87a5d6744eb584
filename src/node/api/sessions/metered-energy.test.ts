import { describe, expect, test } from 'vitest';
import type { MeterSample } from '../../../domain/meter-sample.ts';
import { epochMillis, epochSeconds, wattHours } from '../../../domain/units.ts';
import type { OwnSession } from '../../../roles/cpo/session.ts';
import { meteredEnergy } from './metered-energy.ts';
import type { SeriesView } from './schemas.ts';
import { lineOf, meteredLines } from './series-lines.ts';

const T = 1_800_000_000;
const START = new Date(T * 1000).toISOString();
const session = {
  ...{ country_code: 'NL', party_id: 'EVK', id: 'S1', start_date_time: START, kwh: 1, auth_method: 'WHITELIST', location_id: 'L1' },
  ...{ evse_uid: 'E1', connector_id: '1', currency: 'EUR', status: 'ACTIVE', last_updated: START },
} satisfies OwnSession;
const sample = (after: number, wh: number, power?: number): MeterSample => ({
  at: epochMillis((T + after) * 1000),
  energy: wattHours(wh),
  ...(power !== undefined && { power }),
  state: 'charging',
});
const powers = (...samples: MeterSample[]) =>
  meteredEnergy({ session, samples, events: [], most: 22_000 }).map(({ power, estimated }) => (estimated ? ['about', power] : power));

describe('the power of metered energy', () => {
  test('CON-D04: power as the meter measured it is shown unchanged', () => {
    expect(powers(sample(0, 0, 7_000), sample(60, 115, 7_100))).toEqual([7_000, 7_100]);
  });
  test('CON-D04: over a short gap no power is made of energy; the next estimate covers it', () => {
    expect(powers(sample(0, 0), sample(60, 100), sample(61, 120), sample(91, 170))).toEqual([undefined, ['about', 6_000], undefined, ['about', 8_129]]);
  });
  test('CON-D04: an estimate is never above the maximum of the EVSE', () => {
    expect(powers(sample(0, 0), sample(30, 612))).toEqual([undefined, ['about', 22_000]]);
  });
  test('CON-D04: a register that fell gives no power', () => {
    expect(powers(sample(0, 50), sample(60, 0))).toEqual([undefined, undefined]);
  });
});

describe('the lines of metered power', () => {
  const span = { from: epochSeconds(T), to: epochSeconds(T + 600), wires: {} };
  const at = (after: number) => new Date((T + after) * 1000).toISOString();
  const lines = (metered: SeriesView['metered'], isOver = false) => {
    const drawn = meteredLines(metered, span, isOver);
    const relative = (points: typeof drawn.metered) => points.map(([moment, watts]) => [moment - T, watts]);
    return { metered: relative(drawn.metered), estimated: relative(drawn.estimated) };
  };
  const measured = [
    { at: at(10), kwh: 0, power: 7_000 },
    { at: at(70), kwh: 1, power: 3_000 },
  ];
  test('CON-D04: a measured value holds until the next one; the last one of an ended session ends with it', () => {
    expect(lines(measured)).toEqual({ metered: [[10, 7_000], [70, 3_000]], estimated: [] }); // biome-ignore format: points
    expect(lines(measured, true).metered).toEqual([[10, 7_000], [70, 3_000], [600, null]]); // biome-ignore format: points
  });
  test('CON-D04: an estimate stands from the sample before, on a line of its own', () => {
    const mixed = [{ at: at(0), kwh: 0 }, { at: at(60), kwh: 1, power: 6_000, estimated: true }, { at: at(90), kwh: 1, power: 5_000 }]; // biome-ignore format: samples
    expect(lines(mixed)).toEqual({ metered: [[90, 5_000]], estimated: [[0, 6_000], [60, null]] }); // biome-ignore format: points
  });
});

describe('a profile in A on DC', () => {
  test('CON-D05: is drawn at the maximum voltage, and not above the maximum power', () => {
    const profile = { unit: 'A', periods: [{ start: 0, limit: 100 }, { start: 60, limit: 200 }] } as unknown as Parameters<typeof lineOf>[0][number]['profile']; // biome-ignore format: one profile
    const span = { from: epochSeconds(T), to: epochSeconds(T + 120), wires: { dcVoltage: 920, watts: 150_000 } };
    expect(lineOf([{ from: epochSeconds(T), profile }], span).map(([moment, watts]) => [moment - T, watts])).toEqual([[0, 92_000], [60, 150_000]]); // biome-ignore format: points
  });
});
