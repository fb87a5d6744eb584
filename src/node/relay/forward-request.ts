import type { Sharing } from '../../domain/contract.ts';
import type { Ask } from '../../domain/exchange.ts';
import type { PartyKey } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { strictest } from '../../domain/profile/strictest.ts';
import { amperes, type EpochSeconds, watts } from '../../domain/units.ts';
import type { PeerClient } from '../../ocpi/call.ts';
import { highestLimit } from '../../ocpi/chargingprofiles/charging-profile.ts';
import { writeChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import type { UpstreamAnswer } from '../../roles/emsp/forward-answer.ts';
import type { Input } from '../../store/sql/input.ts';
import { callPeer, isClientError, type PeerRequest, readProfileResponse, type WireAsk } from '../remote/peer-request.ts';

/** The session of a relayed request, and the profiles of the parties that share it. */
interface SharedSession {
  /** The party that requests. */
  party: PartyKey;
  /** When charging began; relative profiles count from there. */
  startedAt: EpochSeconds;
  inputs: readonly Input[];
  sharing(one: PartyKey, other: PartyKey): Sharing;
}

/**
 * The request to forward for an SCSP that shares a session with other parties: a SET of the lowest of all their profiles, or of those that
 * remain after a CLEAR. Undefined when the profiles have units that do not compare.
 */
export function requestToForward({ ask, wire }: { ask: Ask; wire: WireAsk }, { party, startedAt, inputs, sharing }: SharedSession): WireAsk | undefined {
  const others = inputs.filter(({ by }) => by !== party && sharing(party, by) === 'strictest').map(({ profile }) => profile);
  const [first, ...more] = ask.kind === 'set' ? [ask.profile, ...others] : others;
  if (ask.kind === 'get' || first === undefined || (ask.kind === 'set' && more.length === 0)) return wire;
  const lowest = lowestOf([first, ...more], startedAt);
  return lowest && { kind: 'set', charging_profile: writeChargingProfile(lowest) };
}

/** An eMSP does not know the maximum of the EVSE: where no profile has a limit, the highest limit that OCPI can express is sent. */
const lowestOf = (profiles: readonly [ChargingProfile, ...ChargingProfile[]], from: EpochSeconds) =>
  strictest(profiles, { from, unlimited: { W: watts(highestLimit), A: amperes(highestLimit) } });

/** Sends a relayed request to its CPO and reads the immediate answer. */
export async function forwardRequest(client: PeerClient, request: PeerRequest): Promise<UpstreamAnswer> {
  return readProfileResponse(await callPeer(client, request), ({ because, statusCode, httpStatus, sent, message }): UpstreamAnswer => {
    if (statusCode !== undefined && statusCode >= 2000 && statusCode < 4000) return { is: 'REFUSED', code: statusCode, message };
    if (because === 'unknown_receiver' || because === 'receiver_not_connected') return { is: 'UNREACHABLE', reason: because };
    // What the transport adds to its cause names addresses; what a peer answered explains its refusal (F-71).
    const reason = httpStatus === undefined || !message ? because : `${because}: ${message}`;
    return sent && !isClientError(httpStatus) ? { is: 'AMBIGUOUS', reason } : { is: 'UNREACHABLE', reason };
  });
}
