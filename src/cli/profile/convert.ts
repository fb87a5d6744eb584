import { printMoment } from '../../domain/moment.ts';
import { type ChargingProfile, convertProfile, type RateUnit, toOcpi } from '../../domain/profile/index.ts';
import { ocpiProfile } from '../../domain/profile/ocpi.ts';
import { at, type Field, isPresent, moment, object, readFrom } from '../../domain/profile/read-field.ts';
import type { EpochSeconds } from '../../domain/units.ts';
import { periodTable } from './period-table.ts';
import { convertLines } from './read-input.ts';
import { type PhaseCount, wiresOf } from './wires.ts';

/** Prints each profile of a file in the unit `to`. */
export async function convert(
  file: string | undefined,
  { to, json, ...options }: { to: RateUnit; phases: PhaseCount; voltage: number; json?: boolean },
): Promise<void> {
  const wires = wiresOf(options);
  await convertLines(file, (value) => {
    const read = readFrom(value, readProfile);
    if (!read.ok) return read;
    const converted = convertProfile(read.value.profile, to, wires);
    if (!converted.ok) return converted;
    if (!json) return { ok: true, value: periodTable(converted.value) };
    return { ok: true, value: JSON.stringify(writeProfile(converted.value, read.value.activeFrom)) };
  });
}

/** Reads a ChargingProfile or an ActiveChargingProfile. */
function readProfile(it: Field): { profile: ChargingProfile; activeFrom?: EpochSeconds } {
  const inner = at(it, 'charging_profile');
  return isPresent(inner) ? { profile: object(inner, ocpiProfile), activeFrom: moment(at(it, 'start_date_time')) } : { profile: ocpiProfile(it) };
}

const writeProfile = (profile: ChargingProfile, activeFrom: EpochSeconds | undefined) =>
  activeFrom === undefined ? toOcpi(profile) : { start_date_time: printMoment(activeFrom), charging_profile: toOcpi(profile) };
