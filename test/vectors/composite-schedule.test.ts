import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  amperes,
  compositeSchedule,
  epochSeconds,
  type Limit,
  type Period,
  type Purpose,
  periodsOf,
  type RateUnit,
  type StackedProfile,
  seconds,
  watts,
} from '../../src/domain/profile/index.ts';

interface WireSchedule {
  startSchedule?: string;
  duration?: number;
  chargingSchedulePeriod: { startPeriod: number; limit: number }[];
}

interface WireProfile {
  /** OCPP 1.6; `id` is its name in 2.0.1. */
  chargingProfileId?: number;
  id?: number;
  stackLevel: number;
  chargingProfilePurpose: string;
  chargingProfileKind: 'Absolute' | 'Recurring' | 'Relative';
  recurrencyKind?: 'Daily' | 'Weekly';
  validFrom?: string;
  validTo?: string;
  /** One in OCPP 1.6, a list of one in 2.0.1. */
  chargingSchedule: WireSchedule | [WireSchedule];
}

interface Vector {
  from: string;
  to: string;
  transaction_started: string;
  unit: RateUnit;
  evse_max: number;
  evse_profiles: WireProfile[];
  station_profiles: WireProfile[];
  expected: { start_period: number; limit: number }[];
}

const PURPOSES: Record<string, Purpose> = { TxProfile: 'tx', TxDefaultProfile: 'tx-default', ChargePointMaxProfile: 'max', ChargingStationMaxProfile: 'max' };

const moment = (text: string) => epochSeconds(Date.parse(text) / 1000);

function stacked<L extends Limit>(wire: WireProfile, inUnit: (n: number) => L): StackedProfile<L> {
  const schedule = Array.isArray(wire.chargingSchedule) ? wire.chargingSchedule[0] : wire.chargingSchedule;
  const purpose = PURPOSES[wire.chargingProfilePurpose];
  if (purpose === undefined) throw new Error(`Found the purpose ${wire.chargingProfilePurpose}; a vector has one of ${Object.keys(PURPOSES)}.`);
  return {
    id: wire.id ?? wire.chargingProfileId ?? 0,
    stackLevel: wire.stackLevel,
    purpose,
    kind: wire.chargingProfileKind === 'Recurring' ? (wire.recurrencyKind ?? 'Daily') : wire.chargingProfileKind,
    ...(wire.validFrom !== undefined && { validFrom: moment(wire.validFrom) }),
    ...(wire.validTo !== undefined && { validTo: moment(wire.validTo) }),
    schedule: {
      ...(schedule.startSchedule !== undefined && { start: moment(schedule.startSchedule) }),
      ...(schedule.duration !== undefined && { duration: seconds(schedule.duration) }),
      periods: schedule.chargingSchedulePeriod.map(({ startPeriod, limit }) => ({ start: seconds(startPeriod), limit: inUnit(limit) })),
    },
  };
}

function compose<L extends Limit>(vector: Vector, inUnit: (n: number) => L): Period<L>[] {
  const profiles = [...vector.evse_profiles, ...vector.station_profiles].map((wire) => stacked(wire, inUnit));
  const span = { from: moment(vector.from), to: moment(vector.to) };
  return periodsOf(compositeSchedule(profiles, { ...span, chargingStarted: moment(vector.transaction_started), maximum: inUnit(vector.evse_max) }), span.from);
}

function vectors(file: string): Vector[] {
  const lines = readFileSync(new URL(file, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line));
}

describe.each([
  ['OCPP 1.6', './composite-ocpp16.jsonl'],
  ['OCPP 2.0.1', './composite-ocpp201.jsonl'],
])('CP-31: composite schedules of %s', (_, file) => {
  const cases = vectors(file);
  test('are 300', () => expect(cases).toHaveLength(300));
  test.each(cases.map((vector, i) => [i + 1, vector] as const))('CP-31: line %i is what the standard computes', (_line, vector) => {
    const made: Period<Limit>[] = vector.unit === 'W' ? compose(vector, watts) : compose(vector, amperes);
    expect(made.map(({ start, limit }) => ({ start_period: start, limit }))).toEqual(vector.expected);
  });
});
