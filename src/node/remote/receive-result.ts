import { isOpen, type ResultType } from '../../domain/exchange.ts';
import { fold, type PartyKey, partyOfSession, type SessionKey } from '../../domain/ids.ts';
import type { ActiveChargingProfile as ActiveProfile } from '../../domain/profile/charging-profile.ts';
import { ActiveChargingProfile, type WireActiveChargingProfile } from '../../ocpi/chargingprofiles/charging-profile.ts';
import { writeActiveChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import { mapUnknownTexts } from '../../ocpi/known-fields.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { withoutDriver } from '../../roles/emsp/pseudonymise-text.ts';
import { stateAfterResult } from '../../roles/emsp/sent-request-state.ts';
import { setActiveProfile } from '../../store/sql/active-profile.ts';
import { addEvent } from '../../store/sql/event.ts';
import { readExchange, recordOutcome, type StoredExchange } from '../../store/sql/exchange.ts';
import { forgetInputs } from '../../store/sql/input.ts';
import { countSetsAtPeer } from '../../store/sql/previous-requests.ts';
import { sessionByKey, sessionsByFoldedId } from '../../store/sql/session.ts';
import type { Write } from '../../store/store.ts';
import type { Context } from '../core/context.ts';
import { outcomeEvent, reportOutcome } from '../core/end-exchange.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { isHub } from '../peers/hub-parties.ts';

/** Called when a CPO sends the active profile of a session, as a result or as a push. */
export interface RequestSenderListeners {
  activeProfileReceived(session: SessionKey, profile: ActiveProfile): void;
}
/** An active profile that a peer sent: as this node reads it, and in the form of OCPI. */
export interface ReceivedProfile {
  profile: ActiveProfile;
  received: WireActiveChargingProfile;
}

interface Receiver {
  context: Context;
  listeners: RequestSenderListeners;
}

/** Receives the result of a request of ours. False when the exchange has a result already, or no longer takes one. */
export async function receiveResult(
  { context, listeners }: Receiver,
  exchange: StoredExchange,
  { result, profile, received }: { result: ResultType; profile?: ActiveProfile; received?: WireActiveChargingProfile | undefined },
): Promise<boolean> {
  const { store, clock, journal } = context;
  const { id, session, peer } = exchange;
  const { kind } = exchange.ask;
  const now = clock.now();
  const late = !isOpen(exchange.state);
  const outcome = { result, ...(profile && { profile }) };
  const about = received && (await store.first(sessionByKey<WireSession, undefined>(session)));
  const end = { state: stateAfterResult(result), outcome, reason: late ? 'late' : 'result', at: now };
  const [recorded] = await store.commit([
    recordOutcome(id, end),
    outcomeEvent(exchange, now, { state: end.state, reason: end.reason, result }),
    ...(profile ? activeProfileWrites(context, { key: session, body: about?.body }, { profile, received }) : []),
    // A profile of our own replaces all profiles that were relayed.
    ...(kind !== 'get' && result !== 'REJECTED' ? [forgetInputs(session)] : []),
  ]);
  if (recorded?.changed !== 1) return false;
  journal.note({ step: 'result-received', exchange: id, kind, session, peer, result, late, ...(profile && { profile }) });
  for (const row of recorded.rows) reportOutcome(context, readExchange(row));
  if (profile) listeners.activeProfileReceived(session, profile);
  return true;
}

/** Receives the active profile that a CPO pushes. False when the session is unknown, or when we never set a profile on it (CP-48). */
export async function receiveActiveProfile(
  { context, listeners }: Receiver,
  { peer, from, id }: { peer: KnownPeer; from: PartyKey | undefined; id: string },
  { profile, received }: ReceivedProfile,
): Promise<boolean> {
  const { store, journal } = context;
  const ofPeer = (await store.all(sessionsByFoldedId<WireSession, undefined>(fold(id)))).filter((it) => it.peer === peer.id);
  // Two parties behind one hub may use the same session id; a party may push the profile of its own session only.
  const ofParty = isHub(peer) ? ofPeer.filter(({ key }) => partyOfSession(key) === from) : ofPeer;
  const session = ofParty.length === 1 ? ofParty[0] : undefined;
  const sets = session && (await store.first(countSetsAtPeer(session.key, peer.id)));
  if (!session || !sets) return false;
  await store.commit(activeProfileWrites(context, session, { profile, received }));
  journal.note({ step: 'active-profile-received', session: session.key, peer: peer.id, profile });
  journal.eventsCommitted();
  listeners.activeProfileReceived(session.key, profile);
  return true;
}

function activeProfileWrites(
  { clock }: Context,
  { key, body }: { key: SessionKey; body: WireSession | undefined },
  { profile, received }: { profile: ActiveProfile; received: WireActiveChargingProfile | undefined },
): readonly Write[] {
  const written = writeActiveChargingProfile(profile);
  const asReceived = body && received && JSON.stringify(received) !== JSON.stringify(written);
  const kept = asReceived && { received: mapUnknownTexts(ActiveChargingProfile, received, (text) => withoutDriver(text, body)) };
  return [setActiveProfile(key, { ...profile, ...kept }), addEvent({ at: clock.now(), kind: 'active-profile', session: key, body: written })];
}
