import type { MeterValueType } from 'typed-ocpp/dist/ocpp20/types.js';
import { factorOf, type MeterValues, type ReadMoment, readingsOf, type Sample } from '../reading.ts';
import type { Reading } from '../station.ts';

type SampledValue = MeterValueType['sampledValue'][number];

/** The readings in a list of meter values (OCPP 2.0.1 MeterValueType). */
export const toReadings = (values: MeterValues<SampledValue>, moment: ReadMoment): Reading[] => readingsOf(values, { samplesOf, moment });

function samplesOf({ value, measurand = 'Energy.Active.Import.Register', phase, location, context, unitOfMeasure }: SampledValue): Sample[] {
  const factor = factorOf(measurand, unitOfMeasure?.unit) ?? Number.NaN;
  const plain = value * factor * 10 ** (unitOfMeasure?.multiplier ?? 0);
  return Number.isFinite(plain) ? [{ measurand, value: plain, phase, location, context }] : [];
}
