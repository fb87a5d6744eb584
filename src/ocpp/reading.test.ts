import { describe, expect, test } from 'vitest';
import { epochMillis } from '../domain/units.ts';
import { boundedMoment } from './patience/clock.ts';
import { factorOf, type Sample, toReading } from './reading.ts';
import { toReadings as toReadings16 } from './v16/readings.ts';
import { toReadings as toReadings201 } from './v201/readings.ts';

const at = epochMillis(Date.parse('2026-03-10T07:30:00Z'));
const timestamp = '2026-03-10T07:30:00Z';
const receivedAt = epochMillis(at + 60_000);
const moment = (text: string | undefined) => boundedMoment(text, receivedAt).at;
const sample = (measurand: string, value: number, { phase, location }: { phase?: string; location?: string } = {}): Sample => ({
  measurand,
  value,
  phase,
  location,
});

describe('the samples of one moment are combined into one reading', () => {
  test.each<[string, Sample[], object]>([
    [
      'power: a total takes precedence over the phases',
      [sample('Power.Active.Import', 1000, { phase: 'L1' }), sample('Power.Active.Import', 3100)],
      { power: 3100 },
    ],
    ['power: the phases are added', ['L1', 'L2', 'L3'].map((phase) => sample('Power.Active.Import', 1000, { phase })), { power: 3000 }],
    ['power: L1-N is L1', [sample('Power.Active.Import', 1000, { phase: 'L1' }), sample('Power.Active.Import', 1001, { phase: 'L1-N' })], { power: 1001 }],
    [
      'energy: the phases are added, values between two phases are left out',
      [sample('Energy.Active.Import.Register', 5, { phase: 'L1' }), sample('Energy.Active.Import.Register', 9, { phase: 'L1-L2' })],
      { energy: 5 },
    ],
    [
      'current: the highest phase counts',
      [sample('Current.Import', 10, { phase: 'L1' }), sample('Current.Import', 12, { phase: 'L2' }), sample('Current.Import', 1, { phase: 'N' })],
      { current: 12, currentSum: 22 },
    ],
    [
      'offered values are separate from measured ones',
      [sample('Current.Offered', 16), sample('Power.Offered', 11_000)],
      { currentOffered: 16, powerOffered: 11_000 },
    ],
    [
      'the meter at the outlet counts, the one at the inlet does not',
      [sample('Energy.Active.Import.Register', 5, { location: 'Outlet' }), sample('Energy.Active.Import.Register', 9, { location: 'Inlet' })],
      { energy: 5 },
    ],
  ])('%s', (_rule, samples, reading) => {
    expect(toReading(at, samples)).toEqual({ at, ...reading });
  });

  test('CDP-03: the state of charge is that of the car; one beyond 0 to 100 % is none', () => {
    expect(toReading(at, [sample('SoC', 50, { location: 'EV' })])).toEqual({ at, stateOfCharge: 50 });
    expect(toReading(at, [sample('Power.Active.Import', 7_000), sample('SoC', 255)])).toEqual({ at, power: 7_000 });
  });

  test('samples without energy, power or current make no reading', () => {
    expect(toReading(at, [sample('Voltage', 230), sample('Temperature', 50)])).toBeUndefined();
  });
});

describe('values in each version’s format', () => {
  test('OCPP 1.6: values are texts; Wh is the default; kWh and kW are converted', () => {
    const sampledValue: Parameters<typeof toReadings16>[0][number]['sampledValue'] = [
      { value: '1500' },
      { value: '7.4', measurand: 'Power.Active.Import', unit: 'kW' },
    ];
    expect(toReadings16([{ timestamp, sampledValue }], moment)).toEqual([{ at, energy: 1500, power: 7400 }]);
  });
  test.each(['', ' ', 'n/a', 'NaN', 'Infinity'])('OCPP 1.6: %j is not a number', (value) => {
    expect(toReadings16([{ timestamp, sampledValue: [{ value }] }], moment)).toEqual([]);
  });
  test('OCPP 1.6: signed data is left out', () => {
    expect(toReadings16([{ timestamp, sampledValue: [{ value: '123', format: 'SignedData' }] }], moment)).toEqual([]);
  });
  test('OCPP 2.x: a multiplier is a power of ten', () => {
    expect(toReadings201([{ timestamp, sampledValue: [{ value: 1.5, unitOfMeasure: { unit: 'kWh', multiplier: -1 } }] }], moment)).toEqual([
      { at, energy: 150 },
    ]);
  });
  test.each(['yesterday', undefined])('F-27: values with the time %s are of the time of receipt', (timestamp) => {
    expect(toReadings201([{ ...(timestamp && { timestamp }), sampledValue: [{ value: 1 }] }], moment)).toEqual([{ at: receivedAt, energy: 1 }]);
  });
  test.each([
    ['Energy.Active.Import.Register', 'KWH', 1000],
    ['Energy.Active.Import.Register', 'Hz', undefined],
    ['Energy.Active.Import.Register', 'kW', undefined],
    ['Power.Active.Import', 'Watts', 1],
    ['Current.Import', 'Amps', 1],
    ['Current.Import', '', 1],
    ['Voltage', 'V', 1],
  ])('F-22: %s in %j counts times %s', (measurand, unit, factor) => {
    expect(factorOf(measurand, unit)).toBe(factor);
  });
});
