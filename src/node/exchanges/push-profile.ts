import { type PartyKey, partyName } from '../../domain/ids.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import type { WireActiveChargingProfile } from '../../ocpi/chargingprofiles/charging-profile.ts';
import { pushActiveChargingProfile } from '../../ocpi/chargingprofiles/push-active-charging-profile.ts';
import { writeActiveChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import { markStale, recordPushed, type Steering } from '../../store/sql/steering.ts';
import type { Context } from '../core/context.ts';
import { offlineParty, RECEIVING_ROLES } from '../peers/party-connection.ts';
import { clientFor } from '../peers/peer-client.ts';

/** The active profile of a session, addressed to one party that steers it. */
export interface ProfilePush {
  steering: Steering;
  active: ActiveChargingProfile;
  /** The body to send, if another platform has sent the profile. */
  received?: WireActiveChargingProfile | undefined;
  /** The id under which the receiver knows the session. */
  sessionId: string;
  from: PartyKey;
}

/**
 * Pushes an active profile to one party and records whether it arrived; a push that did not arrive is due again. `OFFLINE`: nothing was
 * sent, since the hub says that the party is offline (HCI-01). Undefined when the peer is not registered any more or takes no profiles.
 */
export async function pushProfile(
  context: Context,
  { steering, active, received, sessionId, from }: ProfilePush,
): Promise<'DELIVERED' | 'OFFLINE' | `UNDELIVERED (${string})` | undefined> {
  const { store, peers, clock } = context;
  const { session, party } = steering;
  const to = clientFor(context, await peers.find(steering.peer), { module: 'chargingprofiles', role: 'SENDER' });
  if (!to) return undefined;
  if (offlineParty(to.peer, party, RECEIVING_ROLES)) {
    await store.commit([markStale(session, party)]);
    return 'OFFLINE';
  }
  const sent = await callEndpoint(to.client, pushActiveChargingProfile, {
    base: to.base,
    params: { session_id: sessionId },
    query: undefined,
    body: received ?? writeActiveChargingProfile(active),
    ids: { from: partyName(from), to: partyName(party) },
  });
  const arrived = sent.is === 'SUCCESS';
  await store.commit([arrived ? recordPushed(session, party, { profile: active, at: clock.now() }) : markStale(session, party)]);
  return arrived ? 'DELIVERED' : `UNDELIVERED (${sent.because})`;
}

/** Counts a push of an active profile and notes it in the journal. */
export function reportProfilePush({ metrics, journal }: Pick<Context, 'metrics' | 'journal'>, { session, peer, party }: Steering, outcome: string): void {
  metrics.pushes.inc({ what: 'active-profile', outcome: outcome === 'DELIVERED' ? outcome : 'UNDELIVERED' });
  journal.note({ step: 'active-profile-pushed', session, peer, party, outcome });
}
