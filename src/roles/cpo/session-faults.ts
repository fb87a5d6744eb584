import type { SessionFault } from '../../domain/alarm/facts.ts';
import type { SessionKey, StationId } from '../../domain/ids.ts';
import { printQuantity } from '../../domain/print-quantity.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import { limitAt, scheduleOf } from '../../domain/profile/schedule.ts';
import type { StoredActiveProfile } from '../../domain/station.ts';
import { type EpochMillis, toSeconds } from '../../domain/units.ts';
import type { Progress } from './session.ts';

/** A running session as it is judged. */
export interface JudgedSession {
  key: SessionKey;
  station: StationId | undefined;
  progress: Pick<Progress, 'judged'> | undefined;
  activeProfile: StoredActiveProfile | undefined;
}

/** What a running session does against what was set: what its car draws, and what its charge point reports. */
export function sessionFaults({ key, station, progress, activeProfile }: JudgedSession, now: EpochMillis): readonly SessionFault[] {
  const about = { session: key, station };
  const { judged } = progress ?? {};
  const deviation = activeProfile?.deviation;
  return [
    ...(judged?.above ? [{ ...about, is: 'above-limit', measured: judged.above.measured, limit: judged.limit, unit: judged.unit } as const] : []),
    ...(activeProfile && deviation
      ? [{ ...about, is: 'deviates', how: deviation.how, said: limitNow(activeProfile, now), expected: limitNow(deviation.computed, now) } as const]
      : []),
  ];
}

/** The limit of an active profile at a moment, such as `8 A`. */
function limitNow(profile: ActiveChargingProfile, now: EpochMillis): string {
  const at = toSeconds(now);
  const limit = limitAt(scheduleOf<number>(profile, at), at);
  return limit === undefined ? 'no limit' : printQuantity(limit, profile.unit);
}
