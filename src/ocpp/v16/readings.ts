import type { MeterValuesRequest } from 'typed-ocpp/dist/ocpp16/types.js';
import { parseMoment } from '../../domain/moment.ts';
import { type Sample, toReading } from '../reading.ts';
import type { Reading } from '../station.ts';

type MeterValue = MeterValuesRequest['meterValue'][number];
type SampledValue = MeterValue['sampledValue'][number];

/** The readings in a list of meter values (OCPP 1.6 §7.33); what has no time or says nothing of energy, power or current is left out. */
export function toReadings(values: readonly MeterValue[]): Reading[] {
  return values.flatMap((value) => {
    const at = parseMoment(value.timestamp);
    const reading = at === undefined ? undefined : toReading(at, value.sampledValue.flatMap(toSample));
    return reading ? [reading] : [];
  });
}

function toSample(it: SampledValue): Sample[] {
  const value = Number(it.value);
  if (it.format === 'SignedData' || it.value.trim() === '' || !Number.isFinite(value)) return [];
  const measurand = it.measurand ?? 'Energy.Active.Import.Register';
  // No unit: Wh for energy, by the standard; for the rest the plain unit.
  const kilo = it.unit?.startsWith('k') === true ? 1000 : 1;
  return [{ measurand, value: value * kilo, phase: it.phase, location: it.location }];
}
