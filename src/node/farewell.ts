import type { PeerId } from '../domain/ids.ts';
import { cancelOpen, readExchange } from '../store/sql/exchange.ts';
import { controlledByKey } from '../store/sql/session.ts';
import { endSteering, steeredBy } from '../store/sql/steering.ts';
import type { ProfileDesk } from './answer-profile-request.ts';
import type { Ground } from './ground.ts';
import { outcomeEvent, tellOutcome } from './outcome.ts';

/** A peer is gone: its open requests end without a word to it, and its profiles leave the charge points (CRE-16, async-flow §5). */
export async function farewell(ground: Ground, desk: ProfileDesk | undefined, peer: PeerId): Promise<void> {
  const { store, clock, client } = ground;
  const steered = await store.all(steeredBy(peer));
  const at = clock.now();
  const [cancelled] = await store.commit([cancelOpen(peer, at), endSteering(peer)]);
  const ended = (cancelled?.rows ?? []).map(readExchange);
  await store.commit(ended.map((exchange) => outcomeEvent(exchange, at, exchange)));
  for (const exchange of ended) tellOutcome(ground, exchange);
  for (const key of steered) {
    const session = await store.first(controlledByKey(key));
    if (session?.installed?.by === peer) await desk?.answerOperator(session, { kind: 'clear' });
  }
  await client.forget(peer);
}
