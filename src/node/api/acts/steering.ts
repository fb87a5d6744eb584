import { fold, type PartyKey, type SessionKey } from '../../../domain/ids.ts';
import { isChange, type LimitChange, sumChanges } from '../../../domain/limit-change.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import { OPERATOR } from '../../../roles/cpo/check-profile-request.ts';
import type { RunningInput } from '../../../store/sql/input.ts';
import type { Steering } from '../../../store/sql/steering.ts';
import type { EvseDirectory } from '../../config/evse-directory.ts';
import { type PreviewBasis, type ProfileChange, previewProfiles } from '../../cpo/preview-profiles.ts';
import type { AnySession } from '../sessions/view-session.ts';
import { isOver, startOf } from './preview-profile.ts';
import type { SteeringView } from './schemas.ts';

/** What the steering board is made of: all of it at one moment. */
export interface SteeringFacts extends PreviewBasis {
  sessions: readonly AnySession[];
  inputs: readonly RunningInput[];
  /** The parties that steer or steered ACTIVE sessions. */
  steering: readonly Pick<Steering, 'session' | 'party'>[];
  halted: readonly PartyKey[];
  evses: Pick<EvseDirectory, 'byUid'> | undefined;
}

type PartyView = SteeringView['parties'][number];

/** Party by party, the sessions that it steers or steered, and which limits would hold without its profiles. */
export function viewSteering(facts: SteeringFacts): PartyView[] {
  const byKey = new Map(facts.sessions.map((it) => [it.key, it]));
  const holding = facts.inputs.filter(({ session: key, profile }) => {
    const session = byKey.get(key);
    return session !== undefined && !isOver(profile, { chargingStarted: startOf(session.body, facts.now), now: facts.now });
  });
  const inputs = Map.groupBy(holding, ({ session }) => session);
  const pairs = [...facts.inputs.map(({ session, by }) => ({ session, party: by })), ...facts.steering];
  const keysOf = Map.groupBy(pairs, ({ party }) => party);
  const parties = [...new Set([...keysOf.keys(), ...facts.halted])].sort();
  return parties.map((party) =>
    viewParty(party, new Set(keysOf.get(party)?.map(({ session }) => session)), { ...facts, inputsOf: (key) => inputs.get(key) ?? [] }),
  );
}

type Known = SteeringFacts & { inputsOf(key: SessionKey): readonly RunningInput[] };

function viewParty(party: PartyKey, keys: ReadonlySet<SessionKey>, facts: Known): PartyView {
  const mine = facts.sessions.filter(({ key }) => keys.has(key));
  const steered = mine.filter(({ key }) => facts.inputsOf(key).some(({ by }) => by === party));
  const changes = previewProfiles(
    steered.flatMap((it) => changeWithout(party, it, facts)),
    facts,
  );
  const byEvse = new Map(changes.map((it) => [fold(it.evse), it]));
  return {
    party,
    halted: facts.halted.includes(party),
    sessions: mine.map((it) => viewSession(party, it, { facts, change: it.evseUid === undefined ? undefined : byEvse.get(fold(it.evseUid)) })),
    power: steered.reduce((sum, { progress }) => sum + (progress?.power ?? 0), 0),
    without: sumChanges(changes.filter(isChange)),
  };
}

/** What becomes of a session at an EVSE of this node when the profile of a party is withdrawn. */
function changeWithout(party: PartyKey, { key, peer, evseUid, body }: AnySession, { evses, now, inputsOf }: Known): ProfileChange[] {
  const evse = peer === undefined && evseUid !== undefined ? evses?.byUid(evseUid)?.evse : undefined;
  if (!evse) return [];
  const profilesOf = (inputs: readonly RunningInput[]) => inputs.map(({ profile }) => profile);
  const inputs = inputsOf(key);
  const after = profilesOf(inputs.filter(({ by }) => by !== party));
  return [{ evse, chargingStarted: startOf(body, now), before: profilesOf(inputs), after }];
}

function viewSession(
  party: PartyKey,
  session: AnySession,
  { facts, change }: { facts: Known; change: LimitChange | undefined },
): PartyView['sessions'][number] {
  const { key, station, progress, body } = session;
  const inputs = facts.inputsOf(key);
  const own = inputs.find(({ by }) => by === party);
  return {
    session: key,
    name: body.evse_uid,
    ...(station !== undefined && { station }),
    steers: own !== undefined,
    ...(own && { since: printDateTime(own.at) }),
    others: inputs.flatMap(({ by }) => (by === party ? [] : by)),
    ...(progress?.power !== undefined && { power: progress.power }),
    limit: own && change ? change.from : {},
    without: own && change ? change.to : {},
  };
}

/** The operator's own profiles stand last. */
export const operatorLast = (a: { party: string }, b: { party: string }): number => Number(a.party === OPERATOR) - Number(b.party === OPERATOR);
