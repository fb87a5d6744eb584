import type { Posted } from '../delivery/deliver-result.ts';
import type { SessionKey } from '../domain/ids.ts';
import type { Line } from '../ocpi/call.ts';
import { postLater } from '../ocpi/call.ts';
import { clearChargingProfile } from '../ocpi/chargingprofiles/clear-charging-profile.ts';
import { getActiveChargingProfile } from '../ocpi/chargingprofiles/get-active-charging-profile.ts';
import { setChargingProfile } from '../ocpi/chargingprofiles/set-charging-profile.ts';
import { writeActiveChargingProfile } from '../ocpi/chargingprofiles/translate.ts';
import type { PartyName } from '../ocpi/headers.ts';
import type { Outcome } from '../ocpi/outcome.ts';
import type { StoredExchange } from '../store/sql/exchange.ts';
import type { Ground } from './ground.ts';
import { lineTo } from './line.ts';

/** Posts the result of one exchange to the response_url that came with it, with the token that is current now (CP-12, CP-13). */
export async function postResult(ground: Ground, exchange: StoredExchange, withinMs: number): Promise<Posted> {
  // The operator named no address: it reads the outcome from the store.
  if (exchange.side === 'own') return { state: 'DELIVERED' };
  const peer = await ground.peers.find(exchange.peer);
  const line = peer && lineTo(ground, peer, { withinMs });
  if (!line || exchange.sealedUrl === undefined) return { state: 'UNDELIVERED', reason: 'refused' };
  const outcome = await post(line, exchange, ground.seal.open(exchange.sealedUrl));
  if (outcome.is === 'SUCCESS') return { state: 'DELIVERED' };
  return outcome.because === 'reset_after_send' ? { state: 'DELIVERY_UNKNOWN', reason: outcome.because } : { state: 'UNDELIVERED', reason: outcome.because };
}

/** The party whose session it is; its key begins with its name. */
function partyOf(session: SessionKey): PartyName {
  const [countryCode = '', partyId = ''] = session.split('*');
  return { countryCode, partyId };
}

function post(line: Line, { ask, outcome, correlationId, session }: StoredExchange, url: string): Promise<Outcome<undefined>> {
  const ids = { correlationId, from: partyOf(session) };
  const result = outcome?.result ?? 'REJECTED';
  switch (ask.kind) {
    case 'set':
      return postLater(line, setChargingProfile, { url, result: { result }, ids });
    case 'clear':
      return postLater(line, clearChargingProfile, { url, result: { result }, ids });
    case 'get':
      return postLater(line, getActiveChargingProfile, {
        url,
        result: { result, ...(outcome?.profile && { profile: writeActiveChargingProfile(outcome.profile) }) },
        ids,
      });
    default:
      return ask satisfies never;
  }
}
