import { crawl } from '../../ocpi/crawl.ts';
import { getTokens } from '../../ocpi/tokens/get-tokens.ts';
import type { WireToken } from '../../ocpi/tokens/token.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import { createPulls, type Pulls } from '../peers/pulls.ts';
import type { RemoteTokens } from './remote-tokens.ts';

/** Creates the pulls of tokens from eMSPs; each continues where the last one ended (OCPI 2.2.1 §12.1.2). All our CPOs see the same tokens, so only one of them pulls. */
export const createTokenPulls = (context: Context, tokens: RemoteTokens): Pulls =>
  createPulls<WireToken>(context, {
    module: 'tokens',
    item: 'token',
    pageSize: 1000,
    whenStale: 'CHANGED',
    owners: ['EMSP'],
    receivers: hostedParties(context.config, 'CPO').slice(0, 1),
    crawl: (client, how) => crawl(client, getTokens, how),
    keep: ({ peer }, token) => tokens.replace(peer, token),
  });
