import type { MeterValueType } from 'typed-ocpp/dist/ocpp20/types.js';
import { parseMoment } from '../../domain/moment.ts';
import { type Sample, toReading } from '../reading.ts';
import type { Reading } from '../station.ts';

type SampledValue = MeterValueType['sampledValue'][number];

/** The readings in a list of meter values (OCPP 2.0.1 MeterValueType); what has no time or says nothing of energy, power or current is left out. */
export function toReadings(values: readonly MeterValueType[]): Reading[] {
  return values.flatMap((value) => {
    const at = parseMoment(value.timestamp);
    const reading = at === undefined ? undefined : toReading(at, value.sampledValue.flatMap(toSample));
    return reading ? [reading] : [];
  });
}

function toSample({ value, measurand = 'Energy.Active.Import.Register', phase, location, unitOfMeasure }: SampledValue): Sample[] {
  const kilo = unitOfMeasure?.unit?.startsWith('k') === true ? 1000 : 1;
  const plain = value * kilo * 10 ** (unitOfMeasure?.multiplier ?? 0);
  return Number.isFinite(plain) ? [{ measurand, value: plain, phase, location }] : [];
}
