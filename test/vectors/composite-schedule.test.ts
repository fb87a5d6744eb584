import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  amperes,
  composeIn,
  epochSeconds,
  fromOcpp16,
  fromOcpp201,
  type InstalledProfile,
  type Limit,
  type Period,
  periodsOf,
  type RateUnit,
  type Result,
  type Schedule,
  volts,
  type Wires,
  watts,
} from '../../src/domain/profile/index.ts';

interface Vector {
  from: string;
  to: string;
  transaction_started: string;
  unit: RateUnit;
  evse_max: number;
  evse_profiles: unknown[];
  station_profiles: unknown[];
  expected: { start_period: number; limit: number }[];
}

const moment = (text: string) => epochSeconds(Date.parse(text) / 1000);
const wires: Wires = { powerType: 'AC_3_PHASE', maxVoltage: volts(230) };

function mustBe<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem);
  return result.value;
}

function compose(vector: Vector, read: (wire: unknown) => Result<InstalledProfile>): Period<Limit>[] {
  const profiles = [...vector.evse_profiles, ...vector.station_profiles].map((wire) => mustBe(read(wire)));
  const situation = { from: moment(vector.from), to: moment(vector.to), chargingStarted: moment(vector.transaction_started), wires };
  const made: Result<Schedule<Limit>> =
    vector.unit === 'W'
      ? composeIn('W', profiles, { ...situation, maximum: watts(vector.evse_max) })
      : composeIn('A', profiles, { ...situation, maximum: amperes(vector.evse_max) });
  return periodsOf(mustBe(made), situation.from);
}

function vectors(file: string): Vector[] {
  const lines = readFileSync(new URL(file, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line));
}

describe.each([
  ['OCPP 1.6', './composite-ocpp16.jsonl', fromOcpp16],
  ['OCPP 2.0.1', './composite-ocpp201.jsonl', fromOcpp201],
])('CP-31: composite schedules of %s', (_, file, read) => {
  const cases = vectors(file);
  test('are 300', () => expect(cases).toHaveLength(300));
  test.each(cases.map((vector, i) => [i + 1, vector] as const))('CP-31: line %i is what the standard computes', (_line, vector) => {
    expect(compose(vector, read).map(({ start, limit }) => ({ start_period: start, limit }))).toEqual(vector.expected);
  });
});
