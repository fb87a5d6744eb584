import type { PeerId } from '../domain/ids.ts';
import { cancelOpen, readExchange } from '../store/sql/exchange.ts';
import { controlledByKey } from '../store/sql/session.ts';
import { endSteering, endSteeringOf, steeredBy } from '../store/sql/steering.ts';
import type { ProfileDesk } from './answer-profile-request.ts';
import type { Ground } from './ground.ts';
import { outcomeEvent, tellOutcome } from './outcome.ts';

/**
 * A peer is gone: its open requests end without a word to it, and its profiles leave the charge points (CRE-16, async-flow §5).
 * Called again until none of them is left: a charge point may be away, or silent.
 */
export async function farewell(ground: Ground, desk: ProfileDesk | undefined, peer: PeerId): Promise<void> {
  const { store, clock, client } = ground;
  const steered = await store.all(steeredBy(peer));
  const at = clock.now();
  const [cancelled] = await store.commit([cancelOpen(peer, at), endSteering(peer)]);
  const ended = (cancelled?.rows ?? []).map(readExchange);
  await store.commit(ended.map((exchange) => outcomeEvent(exchange, at, exchange)));
  for (const exchange of ended) tellOutcome(ground, exchange);
  // A set that is on its way may still arrive; the clear goes behind it.
  const underWay = new Set(ended.filter(({ ask }) => ask.kind === 'set').map(({ session }) => session));
  for (const key of new Set([...steered, ...underWay])) {
    const session = await store.first(controlledByKey(key));
    const mustGo = desk && session && (session.installed?.by === peer || underWay.has(key));
    if (mustGo) await desk.answerOperator(session, { kind: 'clear' });
    else await store.commit([endSteeringOf(key, peer)]);
  }
  await client.forget(peer);
}
