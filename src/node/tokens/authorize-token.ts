import type { Clock } from '../../domain/clock.ts';
import { partyName } from '../../domain/ids.ts';
import { keyOf } from '../../domain/party.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import { authorizeToken } from '../../ocpi/tokens/authorize-token.ts';
import type { Authorization } from '../../roles/cpo/authorize-token.ts';
import { peerOfParty } from '../../store/sql/peer.ts';
import type { Context } from '../core/context.ts';
import { clientFor } from '../peers/peer-client.ts';
import type { RemoteTokens } from './remote-tokens.ts';
import type { AuthorizationRequest, ShownAt } from './token-authorizer.ts';

/** A driver waits at the charge point: a later answer of the eMSP is ignored. */
const TIMEOUT_MS = 5_000;

/** Requests an authorization of a token from its eMSP, and saves the token in the answer (OCPI 2.2.1 §12.1.3). `SILENT`: no usable answer in time. */
export async function authorizeAtEmsp(context: Context, tokens: RemoteTokens, { token, at }: AuthorizationRequest): Promise<Authorization> {
  const owner = await context.store.first(peerOfParty('EMSP', keyOf(token)));
  const emsp = owner && (await context.peers.find(owner.id));
  const target = clientFor(context, emsp, { module: 'tokens', role: 'SENDER', withinMs: TIMEOUT_MS });
  if (!target) return { is: 'SILENT' };
  const { peer, client, base } = target;
  const from = partyName(at.cpo ?? keyOf(token));
  const request = callEndpoint(client, authorizeToken, {
    base,
    params: { token_uid: token.uid },
    query: { type: token.type },
    body: placeOf(at),
    ids: { from, to: { countryCode: token.country_code, partyId: token.party_id } },
  });
  const outcome = await within(context.clock, request);
  if (outcome?.is === 'SUCCESS') {
    await tokens.replace(peer, outcome.data.token);
    return { is: 'ANSWERED', info: outcome.data };
  }
  return outcome?.httpStatus === 404 || outcome?.because === 'ocpi_2xxx' ? { is: 'UNKNOWN_TOKEN' } : { is: 'SILENT' };
}

/** The location, and the EVSE when it is known (TOK-08). */
const placeOf = ({ locationId, evseUids, isEvseKnown }: ShownAt) =>
  locationId === undefined ? undefined : { location_id: locationId, ...(isEvseKnown && { evse_uids: [...evseUids] }) };

/** Resolves with undefined when the answer takes too long. */
async function within<T>(clock: Clock, request: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const stop = clock.after(TIMEOUT_MS, () => resolve(undefined));
  try {
    return await Promise.race([request, late]);
  } finally {
    stop();
  }
}
