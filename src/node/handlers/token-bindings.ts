import { partiesOf } from '../../domain/party.ts';
import { epochMicros } from '../../domain/units.ts';
import { type Binding, bind } from '../../ocpi/binding.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import { acknowledged, created, invalid, notFound, page, type Reply, success } from '../../ocpi/envelope.ts';
import { offsetAndLimit } from '../../ocpi/paging.ts';
import { authorizeToken } from '../../ocpi/tokens/authorize-token.ts';
import { getToken } from '../../ocpi/tokens/get-token.ts';
import { getTokens } from '../../ocpi/tokens/get-tokens.ts';
import { patchToken } from '../../ocpi/tokens/patch-token.ts';
import { putToken } from '../../ocpi/tokens/put-token.ts';
import { type TokenName, tokenNameMismatch } from '../../ocpi/tokens/token.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import type { ReceiveOutcome } from '../remote/remote-sessions.ts';
import type { OwnTokens } from '../tokens/own-tokens.ts';
import type { RemoteTokens } from '../tokens/remote-tokens.ts';

type Bound = readonly Binding<KnownPeer>[];

/** What a CPO offers: a place for the tokens of eMSPs (OCPI 2.2.1 §12.2.1). */
export const tokenReceiver = (tokens: RemoteTokens): Bound => [
  bind(getToken, async ({ peer, params, query }) => {
    const token = await tokens.find(peer, named(params, query));
    return token ? success(token) : notFound();
  }),
  bind(putToken, async ({ peer, params, query, body }) => {
    const name = named(params, query);
    const wrong = tokenNameMismatch(name, body);
    return wrong === undefined ? replyTo(await tokens.put(peer, name, body)) : invalid(wrong);
  }),
  bind(patchToken, async ({ peer, params, query, body }) => {
    const name = named(params, query);
    const wrong = tokenNameMismatch(name, body);
    return wrong === undefined ? replyTo(await tokens.patch(peer, name, body)) : invalid(wrong);
  }),
];

/** What an eMSP offers to CPOs, and to nobody else: its tokens, and an answer whether one may charge (OCPI 2.2.1 §12.2.2). */
export const tokenSender = (tokens: OwnTokens): Bound => [
  bind(getTokens, async ({ peer, query }) => {
    if (!isCpo(peer)) return page([], { query, total: 0 });
    const window = {
      from: (query.date_from && readDateTime(query.date_from)) || epochMicros(0),
      to: (query.date_to && readDateTime(query.date_to)) || epochMicros(Number.MAX_SAFE_INTEGER),
      ...offsetAndLimit(query),
    };
    const { items, total } = await tokens.page(window);
    return page(items, { query, total });
  }),
  bind(authorizeToken, async ({ peer, params, query, body }) => {
    const info = isCpo(peer) ? await tokens.authorize(params.token_uid, query.type, body) : undefined;
    return info ? success(info) : unknownToken;
  }),
];

const unknownToken: Reply<never> = { status: 404, code: 2004, message: 'Unknown token' };
const isCpo = (peer: KnownPeer) => partiesOf(peer.roles, 'CPO').length > 0;
const named = (params: Omit<TokenName, 'type'>, query: { type?: string }): TokenName => ({ ...params, type: query.type });

function replyTo(kept: ReceiveOutcome): Reply<never> {
  switch (kept) {
    case 'created':
      return created();
    case 'changed':
      return acknowledged();
    case 'foreign':
    case 'unknown':
      return notFound();
    default:
      return kept satisfies never;
  }
}
