import { describe, expect, test } from 'vitest';
import { epochMillis } from '../domain/units.ts';
import { type Sample, toReading } from './reading.ts';
import { toReadings as toOldReadings } from './v16/readings.ts';
import { toReadings as toYoungReadings } from './v201/readings.ts';

const at = epochMillis(Date.parse('2026-03-10T07:30:00Z'));
const timestamp = '2026-03-10T07:30:00Z';
const sample = (measurand: string, value: number, { phase, location }: { phase?: string; location?: string } = {}): Sample => ({
  measurand,
  value,
  phase,
  location,
});

describe('the samples of one moment become one reading', () => {
  test.each<[string, Sample[], object]>([
    ['power: the total goes before the phases', [sample('Power.Active.Import', 1000, { phase: 'L1' }), sample('Power.Active.Import', 3100)], { power: 3100 }],
    ['power: phases are summed', ['L1', 'L2', 'L3'].map((phase) => sample('Power.Active.Import', 1000, { phase })), { power: 3000 }],
    ['power: L1-N is L1', [sample('Power.Active.Import', 1000, { phase: 'L1' }), sample('Power.Active.Import', 1001, { phase: 'L1-N' })], { power: 1001 }],
    [
      'energy: phases are summed, what lies between phases is not',
      [sample('Energy.Active.Import.Register', 5, { phase: 'L1' }), sample('Energy.Active.Import.Register', 9, { phase: 'L1-L2' })],
      { energy: 5 },
    ],
    [
      'current: the phase that carries most',
      [sample('Current.Import', 10, { phase: 'L1' }), sample('Current.Import', 12, { phase: 'L2' }), sample('Current.Import', 1, { phase: 'N' })],
      { current: 12 },
    ],
    ['what is offered is no measurement', [sample('Current.Offered', 16), sample('Power.Offered', 11_000)], { currentOffered: 16, powerOffered: 11_000 }],
    [
      'the meter at the outlet counts, not the one at the inlet',
      [sample('Energy.Active.Import.Register', 5, { location: 'Outlet' }), sample('Energy.Active.Import.Register', 9, { location: 'Inlet' })],
      { energy: 5 },
    ],
  ])('%s', (_rule, samples, reading) => {
    expect(toReading(at, samples)).toEqual({ at, ...reading });
  });

  test('samples of no use make no reading', () => {
    expect(toReading(at, [sample('Voltage', 230), sample('SoC', 50)])).toBeUndefined();
  });
});

describe('values as each version writes them', () => {
  test('OCPP 1.6: texts, in Wh where nothing is said, kWh and kW converted', () => {
    const sampledValue: Parameters<typeof toOldReadings>[0][number]['sampledValue'] = [
      { value: '1500' },
      { value: '7.4', measurand: 'Power.Active.Import', unit: 'kW' },
    ];
    expect(toOldReadings([{ timestamp, sampledValue }])).toEqual([{ at, energy: 1500, power: 7400 }]);
  });
  test.each(['', ' ', 'n/a', 'NaN', 'Infinity'])('OCPP 1.6: %j is no number', (value) => {
    expect(toOldReadings([{ timestamp, sampledValue: [{ value }] }])).toEqual([]);
  });
  test('OCPP 1.6: signed data is no number', () => {
    expect(toOldReadings([{ timestamp, sampledValue: [{ value: '123', format: 'SignedData' }] }])).toEqual([]);
  });
  test('OCPP 2.x: a multiplier is a power of ten', () => {
    expect(toYoungReadings([{ timestamp, sampledValue: [{ value: 1.5, unitOfMeasure: { unit: 'kWh', multiplier: -1 } }] }])).toEqual([{ at, energy: 150 }]);
  });
  test('a moment that cannot be read leaves its values out', () => {
    expect(toYoungReadings([{ timestamp: 'yesterday', sampledValue: [{ value: 1 }] }])).toEqual([]);
  });
});
