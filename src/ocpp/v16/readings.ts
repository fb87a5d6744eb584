import type { MeterValuesRequest } from 'typed-ocpp/dist/ocpp16/types.js';
import { readingsOf, type Sample } from '../reading.ts';
import type { Reading } from '../station.ts';

type MeterValue = MeterValuesRequest['meterValue'][number];
type SampledValue = MeterValue['sampledValue'][number];

/** The readings in a list of meter values (OCPP 1.6 §7.33). */
export const toReadings = (values: readonly MeterValue[]): Reading[] => readingsOf(values, samplesOf);

function samplesOf(it: SampledValue): Sample[] {
  const value = Number(it.value);
  if (it.format === 'SignedData' || it.value.trim() === '' || !Number.isFinite(value)) return [];
  const measurand = it.measurand ?? 'Energy.Active.Import.Register';
  // Without a unit: Wh for energy, as the standard says, and W or A for the others.
  const kilo = it.unit?.startsWith('k') === true ? 1000 : 1;
  return [{ measurand, value: value * kilo, phase: it.phase, location: it.location, context: it.context }];
}
