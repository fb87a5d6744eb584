import { type Static, Type } from 'typebox';
import { fold } from '../../domain/ids.ts';
import { maskUid } from '../../domain/personal-data.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { WireToken } from '../../ocpi/tokens/token.ts';
import { approveTokenClaim as approval, type TokenClaim, tokenClaims } from '../../store/sql/token-claim.ts';
import type { Context } from '../core/context.ts';
import { Party } from './fields.ts';
import { Before, DEFAULT_LIMIT, Limit, NEWEST, nextOf, type Page, type PageRequest, pageOf } from './lists.ts';

import { quote, refuse } from './refusal.ts';
import { type AnsweredRoute, adminRoute, answerRoute, nothing, queryRoute } from './route.ts';

/** A token that another party sent first, as an operator sees it. */
export const TokenClaimView = Type.Object({
  id: Type.Integer({ minimum: 1, description: 'the number that approves the claim' }),
  party: Party,
  uid: Type.String({ description: 'masked: its last characters' }),
  type: Type.String(),
  valid: Type.Boolean(),
  owner: Type.Optional(Type.String({ description: 'the party whose token of this uid is in force; absent when no party has one any more' })),
});
export type TokenClaimView = Static<typeof TokenClaimView>;

export const listTokenClaims = queryRoute({
  name: 'list-token-claims',
  summary: 'Tokens that another party sent first: they are held until an operator approves them.',
  path: 'tokens/claims',
  query: Type.Object({ limit: Limit, before: Before }, { additionalProperties: false }),
  answer: pageOf(TokenClaimView),
});

export const approveToken = adminRoute({
  name: 'approve-token',
  summary: 'Puts the token of a claim into force, and holds that of the party that had it.',
  method: 'POST',
  path: 'tokens/claims/{claim}/approve',
  body: nothing,
  answer: TokenClaimView,
});

export const tokenClaimAnswers = (context: Context): readonly AnsweredRoute[] => [
  answerRoute(listTokenClaims, async ({ query }) => ok(await viewTokenClaims(context, query))),
  answerRoute(approveToken, async ({ params }) => {
    if (!/^[1-9][0-9]{0,14}$/.test(params.claim)) return refuse(404, 'NOT_FOUND', `no token claim ${quote(params.claim)}`);
    const approved = await approveTokenClaim(context, Number(params.claim));
    return approved.ok ? approved : refuse(409, 'NOT_POSSIBLE', approved.problem);
  }),
];

/** One page of the claims, newest first. */
export async function viewTokenClaims(
  { store }: Pick<Context, 'store'>,
  { limit = DEFAULT_LIMIT, before = NEWEST }: PageRequest,
): Promise<Page<TokenClaimView>> {
  const claims = await store.all(tokenClaims<WireToken>({ before, limit }));
  return { items: claims.map(viewClaim), ...nextOf(claims, limit, 0) };
}

/** Puts the tokens of the claiming party into force for this uid, and holds those of every other party; fails with how to mend it. */
export async function approveTokenClaim({ store, config }: Pick<Context, 'store' | 'config'>, seq: number): Promise<Result<TokenClaimView>> {
  const claim = (await store.all(tokenClaims<WireToken>({ before: seq + 1, limit: 1 }))).find((it) => it.seq === seq);
  if (!claim) return fail(`no token claim ${seq}: evenkeel tokens claims shows all`);
  if (config.tokens.some(({ uid }) => fold(uid) === fold(claim.body.uid)))
    return fail('the configuration names the owner of this token: change its entry under tokens: instead');
  const [approved] = await store.commit([approval(seq)]);
  return approved && approved.changed > 0 ? ok(viewClaim(claim)) : fail(`token claim ${seq} was changed at the same time: run the command again`);
}

const viewClaim = ({ seq, party, owner, body }: TokenClaim<WireToken>): TokenClaimView => ({
  id: seq,
  party,
  uid: maskUid(body.uid),
  type: body.type,
  valid: body.valid,
  ...(owner !== undefined && { owner }),
});
