import { partiesOf } from '../../domain/party.ts';
import { type Binding, bind } from '../../ocpi/binding.ts';
import { page, type Reply, success } from '../../ocpi/envelope.ts';
import { authorizeToken } from '../../ocpi/tokens/authorize-token.ts';
import { getToken } from '../../ocpi/tokens/get-token.ts';
import { getTokens } from '../../ocpi/tokens/get-tokens.ts';
import { patchToken } from '../../ocpi/tokens/patch-token.ts';
import { putToken } from '../../ocpi/tokens/put-token.ts';
import { type TokenName, tokenNameMismatch } from '../../ocpi/tokens/token.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { authorizeOwnToken, pageOfOwnTokens } from '../tokens/own-tokens.ts';
import type { RemoteTokens } from '../tokens/remote-tokens.ts';
import { dateWindow } from './date-window.ts';
import { found, invalidIf, replyTo } from './reply.ts';

type Bound = readonly Binding<KnownPeer>[];

/** The Receiver interface of a CPO: takes the tokens of eMSPs (OCPI 2.2.1 §12.2.1). */
export const tokenReceiver = (tokens: RemoteTokens): Bound => [
  bind(getToken, async ({ peer, params, query }) => found(await tokens.find(peer, named(params, query)))),
  bind(putToken, async ({ peer, params, query, body }) => {
    const name = named(params, query);
    return invalidIf(tokenNameMismatch(name, body)) ?? replyTo(await tokens.put(peer, name, body));
  }),
  bind(patchToken, async ({ peer, params, query, body }) => {
    const name = named(params, query);
    return invalidIf(tokenNameMismatch(name, body)) ?? replyTo(await tokens.patch(peer, { ...name, type: name.type ?? body.type }, body));
  }),
];

/** The Sender interface of an eMSP, for CPOs only: lists its tokens and authorises them (OCPI 2.2.1 §12.2.2). */
export const tokenSender = (context: Context): Bound => [
  bind(getTokens, async ({ peer, query }) => {
    if (!isCpo(peer)) return page([], { query, total: 0 });
    const { items, total } = await pageOfOwnTokens(context, dateWindow(query));
    return page(items, { query, total });
  }),
  bind(authorizeToken, async ({ peer, params, query, body }) => {
    const info = isCpo(peer) ? await authorizeOwnToken(context, { uid: params.token_uid, type: query.type, location: body }) : 'UNKNOWN';
    if (info === 'NEEDS_LOCATION') return needsLocation;
    return info === 'UNKNOWN' ? unknownToken : success(info);
  }),
];

const unknownToken: Reply<never> = { status: 404, code: 2004, message: 'Unknown token' };
/** TOK-06: too little information to decide. */
const needsLocation: Reply<never> = { status: 200, code: 2002, message: 'This token may charge at some locations only: name the location' };
const isCpo = (peer: KnownPeer) => partiesOf(peer.roles, 'CPO').length > 0;
const named = (params: Omit<TokenName, 'type'>, query: { type?: string }): TokenName => ({ ...params, type: query.type });
