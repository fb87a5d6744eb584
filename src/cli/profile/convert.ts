import { printMoment } from '../../domain/moment.ts';
import { type ChargingProfile, convertProfile, type RateUnit, toOcpi } from '../../domain/profile/index.ts';
import { ocpiProfile } from '../../domain/profile/ocpi.ts';
import { at, type Field, isPresent, moment, object, readFrom } from '../../domain/profile/read-field.ts';
import type { EpochSeconds } from '../../domain/units.ts';
import { convertLines } from './read-input.ts';
import { type PhaseCount, wiresOf } from './wires.ts';

/** Prints each profile of a file in the asked unit. */
export async function convert(file: string | undefined, { to, ...options }: { to: RateUnit; phases: PhaseCount; voltage: number }): Promise<void> {
  const wires = wiresOf(options);
  await convertLines(file, (value) => {
    const read = readFrom(value, eitherProfile);
    if (!read.ok) return read;
    const converted = convertProfile(read.value.profile, to, wires);
    if (!converted.ok) return converted;
    return { ok: true, value: JSON.stringify(written(converted.value, read.value.activeFrom)) };
  });
}

/** A ChargingProfile, or one within an ActiveChargingProfile. */
function eitherProfile(it: Field): { profile: ChargingProfile; activeFrom?: EpochSeconds } {
  const inside = at(it, 'charging_profile');
  return isPresent(inside) ? { profile: object(inside, ocpiProfile), activeFrom: moment(at(it, 'start_date_time')) } : { profile: ocpiProfile(it) };
}

const written = (profile: ChargingProfile, activeFrom: EpochSeconds | undefined) =>
  activeFrom === undefined ? toOcpi(profile) : { start_date_time: printMoment(activeFrom), charging_profile: toOcpi(profile) };
