import type { Clock } from '../../domain/clock.ts';
import { keyOf } from '../../domain/party.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import { authorizeToken } from '../../ocpi/tokens/authorize-token.ts';
import type { Authorization, KnownToken } from '../../roles/cpo/authorize-token.ts';
import { peerOfParty } from '../../store/sql/peer.ts';
import type { Context } from '../core/context.ts';
import { clientFor } from '../peers/peer-client.ts';
import type { RemoteTokens } from './remote-tokens.ts';

/** A driver stands at the charge point: an answer that takes longer is none. */
const PATIENCE_MS = 5_000;

/** Asks the eMSP of a token whether it may charge now; what comes along of the token is kept (OCPI 2.2.1 §12.1.3). */
export async function authorizeAtEmsp(
  context: Context,
  tokens: RemoteTokens,
  asked: { token: KnownToken; locationId: string | undefined },
): Promise<Authorization> {
  const { token, locationId } = asked;
  const owner = await context.store.first(peerOfParty('EMSP', keyOf(token)));
  const emsp = owner && (await context.peers.find(owner.id));
  const to = clientFor(context, emsp, { module: 'tokens', role: 'SENDER', withinMs: PATIENCE_MS });
  if (!to) return { is: 'SILENT' };
  const { peer, client, base } = to;
  const { country_code, party_id } = context.config.parties.find((it) => it.role === 'CPO') ?? token;
  const answering = callEndpoint(client, authorizeToken, {
    base,
    params: { token_uid: token.uid },
    query: { type: token.type },
    body: locationId === undefined ? undefined : { location_id: locationId },
    ids: { from: { countryCode: country_code, partyId: party_id }, to: { countryCode: token.country_code, partyId: token.party_id } },
  });
  const outcome = await within(context.clock, answering);
  if (outcome?.is === 'SUCCESS') {
    await tokens.replace(peer, outcome.data.token);
    return { is: 'ANSWERED', info: outcome.data };
  }
  return outcome?.httpStatus === 404 || outcome?.because === 'ocpi_2xxx' ? { is: 'UNKNOWN_TOKEN' } : { is: 'SILENT' };
}

function within<T>(clock: Clock, answering: Promise<T>): Promise<T | undefined> {
  return new Promise((settle, fail) => {
    const stop = clock.after(PATIENCE_MS, () => settle(undefined));
    answering.then(settle, fail).finally(stop);
  });
}
