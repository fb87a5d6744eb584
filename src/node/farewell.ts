import type { PeerId } from '../domain/ids.ts';
import { cancelOpen, readExchange } from '../store/sql/exchange.ts';
import { endSteering, endSteeringOf, steeredBy } from '../store/sql/steering.ts';
import type { Ground } from './ground.ts';
import { outcomeEvent, tellOutcome } from './outcome.ts';
import type { Leaving, TakeBack } from './take-back.ts';

/**
 * A peer is gone: its open requests end without a word to it, and its profiles leave the charge points (CRE-16, how-a-request-runs §5).
 * Called again until none of them is left: a charge point may be away, or silent.
 */
export async function farewell(ground: Ground, takeBack: TakeBack, peer: PeerId): Promise<void> {
  const { store, clock, client } = ground;
  const steered = await store.all(steeredBy(peer));
  const at = clock.now();
  const [cancelled] = await store.commit([cancelOpen(peer, at), endSteering(peer)]);
  const ended = (cancelled?.rows ?? []).map(readExchange);
  await store.commit(ended.map((exchange) => outcomeEvent(exchange, at, exchange)));
  for (const exchange of ended) tellOutcome(ground, exchange);
  const underWay = ended.filter(({ ask, peer: asker }) => ask.kind === 'set' && asker === peer);
  const leaving = new Map<string, Leaving>(
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
