import type { MeterValueType } from 'typed-ocpp/dist/ocpp20/types.js';
import { readingsOf, type Sample } from '../reading.ts';
import type { Reading } from '../station.ts';

type SampledValue = MeterValueType['sampledValue'][number];

/** The readings in a list of meter values (OCPP 2.0.1 MeterValueType). */
export const toReadings = (values: readonly MeterValueType[]): Reading[] => readingsOf(values, samplesOf);

function samplesOf({ value, measurand = 'Energy.Active.Import.Register', phase, location, context, unitOfMeasure }: SampledValue): Sample[] {
  const kilo = unitOfMeasure?.unit?.startsWith('k') === true ? 1000 : 1;
  const plain = value * kilo * 10 ** (unitOfMeasure?.multiplier ?? 0);
  return Number.isFinite(plain) ? [{ measurand, value: plain, phase, location, context }] : [];
}
