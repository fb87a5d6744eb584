import type { PeerId } from '../../domain/ids.ts';
import { cancelOpen } from '../../store/sql/exchange.ts';
import { endSteering, endSteeringOf, steeredBy } from '../../store/sql/steering.ts';
import type { Context } from '../core/context.ts';
import { cancelExchanges } from '../core/end-exchange.ts';
import type { ProfileToWithdraw, WithdrawProfile } from './withdraw-profile.ts';

/**
 * A peer is gone: its open requests end without a word to it, and its profiles leave the charge points (CRE-16, how-a-request-runs §5).
 * Called again until none of them is left: a charge point may be away, or silent.
 */
export async function endPeer(context: Context, takeBack: WithdrawProfile, peer: PeerId): Promise<void> {
  const { store, clock, client } = context;
  const steered = await store.all(steeredBy(peer));
  const ended = await cancelExchanges(context, cancelOpen(peer, clock.now()), [endSteering(peer)]);
  const underWay = ended.filter(({ ask, peer: asker }) => ask.kind === 'set' && asker === peer);
  const leaving = new Map<string, ProfileToWithdraw>(
    [...steered.map((it) => ({ ...it, underWay: false })), ...underWay.map((it) => ({ ...it, underWay: true }))].map(({ session, party, underWay }) => [
      `${session} ${party}`,
      { session, party, underWay },
    ]),
  );
  for (const it of leaving.values()) {
    if ((await takeBack(it)) === 'nothing') await store.commit([endSteeringOf(it.session, peer)]);
  }
  await client.forget(peer);
}
