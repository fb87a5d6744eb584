import type { Sharing } from '../../domain/contract.ts';
import type { Ask } from '../../domain/exchange.ts';
import type { PartyKey } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { strictest } from '../../domain/profile/strictest.ts';
import { amperes, type EpochSeconds, watts } from '../../domain/units.ts';
import { highestLimit } from '../../ocpi/chargingprofiles/charging-profile.ts';
import { writeChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import type { Input } from '../../store/sql/input.ts';
import type { WireAsk } from '../remote/peer-request.ts';

interface Meeting {
  party: PartyKey;
  /** When charging began; relative profiles count from there. */
  startedAt: EpochSeconds;
  inputs: readonly Input[];
  sharing(one: PartyKey, other: PartyKey): Sharing;
}

/** What is asked of the CPO for an SCSP that shares a session with others: the lowest of all, or what remains of it. Undefined when they do not compare. */
export function requestToForward({ ask, wire }: { ask: Ask; wire: WireAsk }, { party, startedAt, inputs, sharing }: Meeting): WireAsk | undefined {
  const others = inputs.filter(({ by }) => by !== party && sharing(party, by) === 'strictest').map(({ profile }) => profile);
  const [first, ...more] = ask.kind === 'set' ? [ask.profile, ...others] : others;
  if (ask.kind === 'get' || first === undefined || (ask.kind === 'set' && more.length === 0)) return wire;
  const lowest = lowestOf([first, ...more], startedAt);
  return lowest && { kind: 'set', charging_profile: writeChargingProfile(lowest) };
}

/** An eMSP does not know what the EVSE carries: where nobody limits, it says the most that can be said. */
const lowestOf = (profiles: readonly [ChargingProfile, ...ChargingProfile[]], from: EpochSeconds) =>
  strictest(profiles, { from, unlimited: { W: watts(highestLimit), A: amperes(highestLimit) } });
