import type { MeterValuesRequest } from 'typed-ocpp/dist/ocpp16/types.js';
import { factorOf, type MeterValues, type ReadMoment, readingsOf, type Sample } from '../reading.ts';
import type { Reading } from '../station.ts';

type SampledValue = MeterValuesRequest['meterValue'][number]['sampledValue'][number];

/** The readings in a list of meter values (OCPP 1.6 §7.33). */
export const toReadings = (values: MeterValues<SampledValue>, moment: ReadMoment): Reading[] => readingsOf(values, { samplesOf, moment });

function samplesOf(it: SampledValue): Sample[] {
  const value = Number(it.value);
  if (it.format === 'SignedData' || it.value.trim() === '' || !Number.isFinite(value)) return [];
  const measurand = it.measurand ?? 'Energy.Active.Import.Register';
  // Without a unit: Wh for energy, as the standard says, and W or A for the others.
  const factor = factorOf(measurand, it.unit);
  return factor === undefined ? [] : [{ measurand, value: value * factor, phase: it.phase, location: it.location, context: it.context }];
}
