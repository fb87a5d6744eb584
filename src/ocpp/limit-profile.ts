import type { RateUnit } from '../domain/profile/charging-profile.ts';
import type { InstalledProfile } from '../domain/profile/stacked-profile.ts';
import { ok, type Result } from '../domain/result.ts';
import type { LimitRequest, WriteContext } from './dialect.ts';
import { scheduleFor, stackLevelOf } from './tx-profile.ts';

/** Profile ids of limits lie above the ids that an OCPP 2.1 station reserves for itself (K01.FR.80), and below the ids of sessions. */
const FIRST_LIMIT_ID = 2 ** 30 - 100_000;

/** The EVSE number (OCPP 1.6: connector number) that the profile of a limit is set at; 0 is the whole station. */
export const limitEvseId = ({ isOnlyEvse, evse }: LimitRequest): number => (isOnlyEvse ? 0 : evse.evseId);

/** The usual id of the profile of a limit. */
export const limitProfileId = (request: LimitRequest): number => FIRST_LIMIT_ID + limitEvseId(request);
/** The purpose of the profile of a limit. */
export const limitPurpose = ({ isOnlyEvse }: LimitRequest): 'max' | 'tx-default' => (isOnlyEvse ? 'max' : 'tx-default');

/**
 * The profile that keeps an EVSE below a limit; fails when the station cannot take it. A station with one EVSE gets the maximum of the
 * whole station, which no other profile exceeds. Otherwise the EVSE gets a default for its transactions; a profile of a transaction
 * replaces that default, so the node must keep it below the limit itself (OCPP 2.0.1 K01.FR.14).
 */
export function limitProfile(request: LimitRequest, context: WriteContext, namesPhase: readonly RateUnit[]): Result<InstalledProfile> {
  const schedule = scheduleFor(request.limit, request.evse, { context, namesPhase });
  if (!schedule.ok) return schedule;
  const purpose = limitPurpose(request);
  return ok({
    id: request.place?.id ?? limitProfileId(request),
    stackLevel: stackLevelOf(context, request),
    purpose,
    kind: 'Absolute',
    schedule: schedule.value,
  });
}
