import type { DeliverableExchange, DeliveryEnd } from '../../delivery/deliver-result.ts';
import { type PartyKey, partyName, partyOfSession } from '../../domain/ids.ts';
import type { PeerClient } from '../../ocpi/call.ts';
import { postToResponseUrl } from '../../ocpi/call.ts';
import { clearChargingProfile } from '../../ocpi/chargingprofiles/clear-charging-profile.ts';
import { getActiveChargingProfile } from '../../ocpi/chargingprofiles/get-active-charging-profile.ts';
import { setChargingProfile } from '../../ocpi/chargingprofiles/set-charging-profile.ts';
import { writeActiveChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import type { PeerAnswer } from '../../ocpi/peer-answer.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { withoutDriver } from '../../roles/emsp/pseudonymise-text.ts';
import { sessionByKey } from '../../store/sql/session.ts';
import type { Context } from '../core/context.ts';
import { offlineParty, PARTY_OFFLINE, RECEIVING_ROLES } from '../peers/party-connection.ts';
import { clientTo } from '../peers/peer-client.ts';

/** Posts the result of one exchange to the response_url that came with it, with the token that is current now (CP-12, CP-13). */
export async function postResult(context: Context, exchange: DeliverableExchange, withinMs: number): Promise<DeliveryEnd> {
  // A request of the operator has no response_url: the operator reads the outcome from the store.
  if (exchange.side === 'own') return { state: 'DELIVERED' };
  const peer = await context.peers.find(exchange.peer);
  const client = peer && clientTo(context, peer, { withinMs, atStop: 'finish' });
  if (!client || exchange.encryptedUrl === undefined) return { state: 'UNDELIVERED', reason: 'refused' };
  // Nothing is queued for a party that is offline: it requests again, or gets the next active profile (HCI-01).
  if (offlineParty(peer, exchange.party, RECEIVING_ROLES)) return { state: 'UNDELIVERED', reason: PARTY_OFFLINE };
  const from = exchange.side === 'relayed' ? await relayingParty(context, exchange) : partyOfSession(exchange.session);
  const hide = (message: string) => hideDriverIn(context, exchange, message);
  const kept = { ...client, transport: context.peerMessages.keeping(client.transport, { peer: exchange.peer, exchange: exchange.id, hide }) };
  const outcome = await post(kept, exchange, { url: exchange.responseUrl ?? context.encryption.decrypt(exchange.encryptedUrl), from });
  if (outcome.is === 'SUCCESS') return { state: 'DELIVERED' };
  const { httpStatus } = outcome;
  const status = httpStatus === undefined ? {} : { httpStatus };
  return { state: outcome.because === 'reset_after_send' ? 'DELIVERY_UNKNOWN' : 'UNDELIVERED', reason: reasonOf(outcome), ...status };
}

/** A message of the peer without the ids of the driver. */
async function hideDriverIn({ store, reportError }: Context, { session }: DeliverableExchange, message: string): Promise<string> {
  const stored = await store.first(sessionByKey<Partial<WireSession>, unknown>(session)).catch((error) => {
    reportError(`session ${session}`, error);
    return undefined;
  });
  if (!stored) return '***';
  const { body } = stored;
  return body.cdr_token ? withoutDriver(message, { ...body, cdr_token: body.cdr_token }) : message;
}

/** The cause with the exact status behind it: `http_5xx: 502`, `ocpi_2xxx: 2001`. */
function reasonOf({ because, httpStatus, statusCode }: Extract<PeerAnswer<undefined>, { is: 'FAILED' }>): string {
  const code = because.startsWith('http_') ? httpStatus : because.startsWith('ocpi_') ? statusCode : undefined;
  return code === undefined ? because : `${because}: ${code}`;
}

const ENDPOINTS = { set: setChargingProfile, get: getActiveChargingProfile, clear: clearChargingProfile } as const;

/** The eMSP that owns the token of a relayed session. */
const relayingParty = async ({ store }: Context, { session }: DeliverableExchange): Promise<PartyKey> =>
  (await store.first(sessionByKey(session)))?.tokenParty ?? partyOfSession(session);

/** A relayed result is forwarded as it was received; other results are written from the outcome. */
function post(client: PeerClient, exchange: DeliverableExchange, { url, from }: { url: string; from: PartyKey }): Promise<PeerAnswer<undefined>> {
  const { ask, outcome, correlationId, party, relayedOutcome } = exchange;
  const ids = { correlationId, from: partyName(from), to: partyName(party) };
  if (relayedOutcome !== undefined) return postToResponseUrl(client, ENDPOINTS[ask.kind], { url, result: JSON.parse(relayedOutcome), ids });
  const result = outcome?.result ?? 'REJECTED';
  switch (ask.kind) {
    case 'set':
      return postToResponseUrl(client, setChargingProfile, { url, result: { result }, ids });
    case 'clear':
      return postToResponseUrl(client, clearChargingProfile, { url, result: { result }, ids });
    case 'get':
      return postToResponseUrl(client, getActiveChargingProfile, {
        url,
        result: { result, ...(outcome?.profile && { profile: writeActiveChargingProfile(outcome.profile) }) },
        ids,
      });
    default:
      return ask satisfies never;
  }
}
