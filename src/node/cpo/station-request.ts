import type { DeliverableExchange } from '../../delivery/deliver-result.ts';
import type { Sharing } from '../../domain/contract.ts';
import type { Ask } from '../../domain/exchange.ts';
import type { PartyKey, StationId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { EpochSeconds } from '../../domain/units.ts';
import type { StationRequest } from '../../ocpp/station.ts';
import { OPERATOR } from '../../roles/cpo/check-profile-request.ts';
import type { DispatchedExchange } from '../../roles/cpo/process-station-answer.ts';
import type { StoredExchange } from '../../store/sql/exchange.ts';
import type { Input } from '../../store/sql/input.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import { type EvseLimit, limitAsProfile, lowestProfile } from '../sites/evse-limit.ts';

/** An accepted exchange on its way to a charge point, with what its request needs. */
export interface Dispatch {
  exchange: Omit<DeliverableExchange, 'reason' | 'result' | 'outcome' | 'relayedOutcome'> & Pick<StoredExchange, 'timeout'>;
  station: StationId;
  evseUid: string;
  transactionId: string;
  profileId: number;
  /** The profiles that are installed according to our record, with the one of the requesting party. */
  inputs: readonly Input[];
  /** The profiles of other parties that stay when the profile of the requesting party is set or withdrawn. */
  others: readonly Input[];
  /** When charging began: relative profiles count from there. */
  startedAt?: EpochSeconds;
  /** The limit of the site for the EVSE, when the session's profile must stay below it. */
  limit?: EvseLimit | undefined;
  /** How often it was sent. */
  sends: number;
}

/** Whether the operator asks for something that leaves the profiles of other parties. */
export const keepsOthers = (ask: Ask): boolean => ask.kind !== 'get' && ask.keepsOthers === true;

/** The profiles of other parties that hold together with the one of the requesting party. */
export function profilesToMerge({ exchange, inputs }: Dispatch, sharing: (one: PartyKey, other: PartyKey) => Sharing): readonly Input[] {
  const { party, ask } = exchange;
  const others = inputs.filter(({ by }) => by !== party);
  if (party === OPERATOR) return keepsOthers(ask) ? others : [];
  return others.filter(({ by, keepsOthers: stands }) => stands || (by !== OPERATOR && sharing(party, by) === 'strictest'));
}

/** The request for the charge point. Undefined when its EVSE is no longer in the configuration, or when the profiles of several parties do not compare. */
export function requestOf(dispatch: Dispatch, evses: EvseDirectory): StationRequest | undefined {
  const { evseUid, transactionId, profileId, inputs, others } = dispatch;
  const { ask } = dispatch.exchange;
  const evse = evses.byUid(evseUid)?.evse;
  if (!evse) return undefined;
  const [first, ...more] = others.map(({ profile }) => profile);
  const { limit: siteLimit } = dispatch;
  const belowSite = ({ unit }: ChargingProfile) => (siteLimit ? { below: limitAsProfile(siteLimit, unit, evse) } : {});
  switch (ask.kind) {
    case 'set': {
      const profile = lowest([ask.profile, ...others.map((it) => it.profile)]);
      return profile && { kind: 'set-charging-profile', evse, transactionId, profileId, profile, ...belowSite(profile) };
    }
    case 'clear': {
      const profile = first && lowest([first, ...more]);
      if (profile) return { kind: 'set-charging-profile', evse, transactionId, profileId, profile, ...belowSite(profile) };
      return { kind: 'clear-charging-profile', evse, profileId, knownInstalled: inputs.length > 0 };
    }
    case 'get':
      return { kind: 'get-composite-schedule', evse, duration: ask.duration, unit: inputs[0]?.profile.unit };
    default:
      return ask satisfies never;
  }

  function lowest([one, ...more]: readonly [ChargingProfile, ...ChargingProfile[]]): ChargingProfile | undefined {
    const { limit, startedAt } = dispatch;
    const site = limit && evse ? [limitAsProfile(limit, one.unit, evse)] : [];
    return evse && lowestProfile([one, ...more, ...site], { evse, startedAt });
  }
}

/** An exchange as the decisions about a charge point's answer need it. */
export const carriedOf = ({ exchange, station, inputs, others, sends }: Dispatch): DispatchedExchange => ({
  id: exchange.id,
  side: exchange.side === 'own' ? 'own' : 'carried',
  peer: exchange.peer,
  party: exchange.party,
  session: exchange.session,
  station,
  ask: exchange.ask,
  sends,
  installed: inputs.some(({ by }) => by === exchange.party || exchange.party === OPERATOR),
  replaces: others.length === 0 ? 'all' : inputs.filter((it) => it.by !== exchange.party && !others.includes(it)).map(({ by }) => by),
});
