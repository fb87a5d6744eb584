import { Deliveries } from '../../delivery/deliver-result.ts';
import type { Context } from '../core/context.ts';
import { outcomeEvent, reportOutcome } from '../core/end-exchange.ts';
import { PreferenceForwards } from '../exchanges/forward-preferences.ts';
import { postResult } from '../exchanges/post-result.ts';
import { SessionPushes } from '../exchanges/push-session.ts';
import { RefusedRequests } from '../exchanges/refused-requests.ts';
import { type Agreements, createAgreements } from '../rights/agreements.ts';
import { RateLimits } from '../rights/rate-limits.ts';
import { SessionReaders } from '../rights/session-readers.ts';

/** Services that every role shares: result delivery, session pushes, preference forwards, rights, rate limits and refused requests. */
export interface SharedServices {
  agreements: Agreements;
  rateLimits: RateLimits;
  refusals: RefusedRequests;
  deliveries: Deliveries;
  readers: SessionReaders;
  sessionPushes: SessionPushes;
  preferenceForwards: PreferenceForwards;
}

/** Creates the shared services. */
export function createSharedServices(context: Context): SharedServices {
  const { store, clock, work, reportError, config } = context;
  const readers = new SessionReaders(context);
  const deliveries = new Deliveries({
    store,
    clock,
    post: (exchange, withinMs) => postResult(context, exchange, withinMs),
    writeWithEnd: (exchange, at, end) => outcomeEvent(exchange, at, { reason: undefined, ...end, result: exchange.result }),
    onEnd: (exchange) => reportOutcome(context, exchange),
    reportError,
    work,
  });
  context.metrics.keep('deliveries', () => deliveries.size());
  const agreements = createAgreements(config, store);
  return {
    agreements,
    rateLimits: new RateLimits(context),
    refusals: new RefusedRequests(context),
    deliveries,
    readers,
    sessionPushes: new SessionPushes(context, readers),
    preferenceForwards: new PreferenceForwards(context, { readers, isHalted: agreements.isHalted }),
  };
}
