import type { AskKind, ResultType } from '../../domain/exchange.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { WireActiveChargingProfile } from '../../ocpi/chargingprofiles/charging-profile.ts';
import { fingerprint } from '../../store/encryption.ts';
import { exchangeByResult, type StoredExchange } from '../../store/sql/exchange.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import type { RelayResults } from '../relay/relay-results.ts';
import type { RequestSender } from '../remote/send-request.ts';

/** How long after its deadline an exchange still takes a result, in ms (SEC-12). */
const LATE_MS = 3_600_000;

/** A result as it was posted to one of our response_urls. */
export interface PostedResult {
  kind: AskKind;
  /** The secret at the end of the address. */
  id: string;
  result: ResultType;
  profile?: ActiveChargingProfile;
  /** The profile in the form of OCPI. */
  received?: WireActiveChargingProfile | undefined;
  /** The whole body, with fields that this node does not know. */
  body: unknown;
}

/** Receives a result. False when no exchange that this peer may answer waits for it; the reply is then the one for an unknown address (CP-46). */
export type TakeResult = (peer: KnownPeer, posted: PostedResult) => Promise<boolean>;

/** Creates the receiver of results. Results for one address are received one after another: only the first one counts, also of two at once. */
export function createTakeResult(
  { store, clock }: Pick<Context, 'store' | 'clock'>,
  { sender, results }: { sender: RequestSender; results: RelayResults | undefined },
): TakeResult {
  const serial = new SerialByKey<string>();
  return (peer, posted) => {
    const address = fingerprint(posted.id);
    return serial.run(address, async () => {
      const exchange = await store.first(exchangeByResult(address));
      if (!exchange || exchange.outcome || clock.now() > exchange.deadline + LATE_MS || !mayAnswer(exchange, peer, posted.kind)) return false;
      return exchange.side === 'relayed' ? (results?.receive(exchange, posted) ?? false) : sender.receiveResult(exchange, posted);
    });
  };
}

/** A relayed CLEAR that leaves the profile of another party is forwarded as a SET, so its result may be that of a SET. */
const mayAnswer = ({ side, peer, upstream, ask }: StoredExchange, by: KnownPeer, kind: AskKind): boolean =>
  side === 'relayed'
    ? upstream === by.id && (ask.kind === kind || (ask.kind === 'clear' && kind === 'set'))
    : side === 'sent' && peer === by.id && ask.kind === kind;
