import type { RateUnit } from '../domain/profile/charging-profile.ts';
import type { InstalledProfile } from '../domain/profile/stacked-profile.ts';
import { ok, type Result } from '../domain/result.ts';
import type { LimitRequest, Ways } from './dialect.ts';
import { scheduleFor, stackLevelOf } from './tx-profile.ts';

/** Ids of limits lie between those that OCPP 2.1 stations keep for themselves and those of sessions (K01.FR.80). */
const FIRST_ID = 2 ** 30 - 100_000;

/** Where the profile of a limit goes: the station as a whole is EVSE 0, or connector 0 under OCPP 1.6. */
export const seatOf = ({ isOnlyEvse, evse }: LimitRequest): number => (isOnlyEvse ? 0 : evse.evseId);

/**
 * The profile that holds an EVSE below a limit. Where it is all that the station has, the profile for its maximum, which no other
 * exceeds; else the default of its transactions, beside which a transaction's own profile must stay below the limit (OCPP 2.0.1 K01.FR.14).
 */
export function limitProfile(request: LimitRequest, ways: Ways, namesPhase: readonly RateUnit[]): Result<InstalledProfile> {
  const schedule = scheduleFor(request.limit, request.evse, { ways, namesPhase });
  if (!schedule.ok) return schedule;
  const purpose = request.isOnlyEvse ? 'max' : 'tx-default';
  return ok({ id: FIRST_ID + seatOf(request), stackLevel: stackLevelOf(ways), purpose, kind: 'Absolute', schedule: schedule.value });
}
