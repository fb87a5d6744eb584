import type { Evse } from '../../domain/evse.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import type { StationRequest } from '../../ocpp/station.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import type { Input } from '../../store/sql/input.ts';
import type { StoredSession } from '../../store/sql/session.ts';
import { type EvseLimit, limitAsProfile, lowestProfile, unitOf } from './evse-limit.ts';

/**
 * The request that lowers a session to the limit of its EVSE, because a profile of the transaction overrides that limit: the lowest of its profiles and
 * the limit, or the limit alone where no party has a profile. Undefined when the profiles do not compare, or the session has no transaction.
 */
export function profileBelow(
  { body, transactionId, profileId }: StoredSession<OwnSession, Progress>,
  inputs: readonly Input[],
  { limit, evse }: { limit: EvseLimit; evse: Evse },
): StationRequest | undefined {
  const startedAt = dateTimeSeconds(body.start_date_time);
  if (transactionId === undefined || profileId === undefined || startedAt === undefined) return undefined;
  const profiles = inputs.map((it) => it.profile);
  const below = limitAsProfile(limit, profiles[0]?.unit ?? unitOf(evse), evse);
  const [first = below, ...others] = profiles;
  const profile = profiles.length === 0 ? below : lowestProfile([first, ...others, below], { evse, startedAt });
  const onlyLimit = profiles.length === 0 ? { onlyLimit: true as const } : {};
  return profile && { kind: 'set-charging-profile', evse, transactionId, profileId, profile, below, ...onlyLimit };
}
