import type { AskKind, ResultType } from '../../domain/exchange.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import { fingerprint } from '../../store/encryption.ts';
import { exchangeByResult, type StoredExchange } from '../../store/sql/exchange.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import type { RelayResults } from '../relay/relay-results.ts';
import type { RequestSender } from '../remote/send-request.ts';

/** How long after its deadline a result still finds its question (SEC-12). */
const LATE_MS = 3_600_000;

/** A result as it was posted to one of our response_urls. */
export interface PostedResult {
  kind: AskKind;
  /** The secret in the address. */
  id: string;
  result: ResultType;
  profile?: ActiveChargingProfile;
  /** The body as it came, with what we do not know. */
  body: unknown;
}

/** Takes a result; false when it is for none that this peer may answer, which looks like no such address (CP-46). */
export async function takeResult(
  context: Context,
  { sender, results }: { sender: RequestSender; results: RelayResults | undefined },
  from: { peer: KnownPeer; posted: PostedResult },
): Promise<boolean> {
  const { peer, posted } = from;
  const exchange = await context.store.first(exchangeByResult(fingerprint(posted.id)));
  if (!exchange || exchange.outcome || context.clock.now() > exchange.deadline + LATE_MS || !answers(exchange, peer, posted.kind)) return false;
  return exchange.side === 'relayed' ? (results?.receive(exchange, posted) ?? false) : sender.receiveResult(exchange, posted);
}

/** A clear that left another party's profile standing went on as a set of that one. */
const answers = ({ side, peer, upstream, ask }: StoredExchange, by: KnownPeer, kind: AskKind): boolean =>
  side === 'relayed'
    ? upstream === by.id && (ask.kind === kind || (ask.kind === 'clear' && kind === 'set'))
    : side === 'sent' && peer === by.id && ask.kind === kind;
