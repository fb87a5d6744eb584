import type { PeerId } from '../../domain/ids.ts';
import { cancelOpenOfPeer } from '../../store/sql/exchange.ts';
import { endPeerSteering, endPeerSteeringOf, sessionsSteeredBy } from '../../store/sql/steering.ts';
import type { Context } from '../core/context.ts';
import { cancelExchanges } from '../core/end-exchange.ts';
import type { ProfileToWithdraw, WithdrawProfile } from './withdraw-profile.ts';

/**
 * A peer is gone: its open requests end without a word to it, and its profiles leave the charge points (CRE-16, how-a-request-runs §5).
 * Called again until none of them is left: a charge point may be away, or silent.
 */
export async function endPeer(context: Context, takeBack: WithdrawProfile, peer: PeerId): Promise<void> {
  const { store, clock, client } = context;
  const steered = await store.all(sessionsSteeredBy(peer));
  const ended = await cancelExchanges(context, cancelOpenOfPeer(peer, clock.now()), [endPeerSteering(peer)]);
  const underWay = ended.filter(({ ask, peer: asker }) => ask.kind === 'set' && asker === peer);
  const leaving = new Map<string, ProfileToWithdraw>(
    [...steered.map((it) => ({ ...it, underWay: false })), ...underWay.map((it) => ({ ...it, underWay: true }))].map(({ session, party, underWay }) => [
      `${session} ${party}`,
      { session, party, underWay },
    ]),
  );
  for (const it of leaving.values()) {
    if ((await takeBack(it)) === 'nothing') await store.commit([endPeerSteeringOf(it.session, peer)]);
  }
  await client.forget(peer);
}
