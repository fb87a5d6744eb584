import type { Sharing } from '../../domain/contract.ts';
import type { PartyKey, StationId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { EpochSeconds } from '../../domain/units.ts';
import type { StationRequest } from '../../ocpp/station.ts';
import { OPERATOR } from '../../roles/cpo/check-profile-request.ts';
import type { StoredExchange } from '../../store/sql/exchange.ts';
import type { Input } from '../../store/sql/input.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import { type EvseLimit, limitAsProfile } from '../sites/evse-limit.ts';
import { lowestProfile } from '../sites/lowest-profile.ts';

/** An exchange under way, with what it takes to write it down for its charge point. */
export interface Dispatch {
  exchange: Pick<StoredExchange, 'id' | 'side' | 'peer' | 'party' | 'session' | 'ask' | 'deadline' | 'timeout'>;
  station: StationId;
  evseUid: string;
  transactionId: string;
  profileId: number;
  /** The profiles that our record says are installed, the asker's own among them. */
  inputs: readonly Input[];
  /** Those of other parties that stay when this one's is set or taken back, and when charging began, from where they count. */
  others: readonly Input[];
  startedAt?: EpochSeconds;
  /** What its site lets the EVSE draw, where the session's own profile must stay below it. */
  limit?: EvseLimit | undefined;
  sends: number;
}

/** The profiles of other parties that stay beside this one. */
export function profilesToMerge({ exchange, inputs }: Dispatch, sharing: (one: PartyKey, other: PartyKey) => Sharing): readonly Input[] {
  if (exchange.party === OPERATOR) return [];
  return inputs.filter(({ by }) => by !== exchange.party && by !== OPERATOR && sharing(exchange.party, by) === 'strictest');
}

/** What the charge point is asked; undefined when its EVSE is gone from the configuration, or profiles of several parties do not compare. */
export function requestOf(carriage: Dispatch, places: EvseDirectory): StationRequest | undefined {
  const { evseUid, transactionId, profileId, inputs, others } = carriage;
  const { ask } = carriage.exchange;
  const evse = places.byUid(evseUid)?.evse;
  if (!evse) return undefined;
  const [first, ...more] = others.map(({ profile }) => profile);
  switch (ask.kind) {
    case 'set': {
      const profile = lowest([ask.profile, ...others.map((it) => it.profile)]);
      return profile && { kind: 'set-charging-profile', evse, transactionId, profileId, profile };
    }
    case 'clear': {
      const profile = first && lowest([first, ...more]);
      if (profile) return { kind: 'set-charging-profile', evse, transactionId, profileId, profile };
      return { kind: 'clear-charging-profile', evse, profileId, knownInstalled: inputs.length > 0 };
    }
    case 'get':
      return { kind: 'get-composite-schedule', evse, duration: ask.duration, unit: inputs[0]?.profile.unit };
    default:
      return ask satisfies never;
  }

  function lowest([one, ...more]: readonly [ChargingProfile, ...ChargingProfile[]]): ChargingProfile | undefined {
    const { limit, startedAt } = carriage;
    const site = limit && evse ? [limitAsProfile(limit, one.unit, evse)] : [];
    return evse && lowestProfile([one, ...more, ...site], { evse, startedAt });
  }
}
