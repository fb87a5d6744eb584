import type { PartyKey, PeerId, SessionKey } from '../../domain/ids.ts';
import { cancelOpenOfPeer } from '../../store/sql/exchange.ts';
import { endPeerSteering, endPeerSteeringOf, sessionsSteeredBy } from '../../store/sql/steering.ts';
import type { Context } from '../core/context.ts';
import { cancelExchanges } from '../core/end-exchange.ts';

/** A party's profile that must be withdrawn from a session. */
export interface ProfileToWithdraw {
  session: SessionKey;
  party: PartyKey;
  /** A SET of this party may still reach the station; the clear is sent after it. */
  underWay: boolean;
}

/** Clears the profile of a party: `nothing` was set, the clear was `requested`, or it failed and must be retried (`not yet`). */
export type WithdrawProfile = (profile: ProfileToWithdraw) => Promise<'nothing' | 'requested' | 'not yet'>;

/**
 * Ends what a peer left when its registration ended: cancels its open requests and withdraws its profiles (CRE-16,
 * how-a-request-runs §5). It is called again until no profile is left, because a charge point may be offline or silent.
 */
export async function endPeer(context: Context, withdrawProfile: WithdrawProfile, peer: PeerId): Promise<void> {
  const { store, clock, client } = context;
  const steered = await store.all(sessionsSteeredBy(peer));
  const ended = await cancelExchanges(context, cancelOpenOfPeer(peer, clock.now()), [endPeerSteering(peer)]);
  const underWay = ended.filter(({ ask, peer: sender }) => ask.kind === 'set' && sender === peer);
  const profiles = new Map<string, ProfileToWithdraw>();
  for (const { session, party } of steered) profiles.set(`${session} ${party}`, { session, party, underWay: false });
  for (const { session, party } of underWay) profiles.set(`${session} ${party}`, { session, party, underWay: true });
  for (const profile of profiles.values()) {
    if ((await withdrawProfile(profile)) === 'nothing') await store.commit([endPeerSteeringOf(profile.session, peer)]);
  }
  await client.forget(peer);
}
