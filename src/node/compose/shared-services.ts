import { Deliveries } from '../../delivery/deliver-result.ts';
import type { Ground } from '../core/context.ts';
import { outcomeEvent, tellOutcome } from '../core/end-exchange.ts';
import { PreferencePasses } from '../exchanges/pass-preferences.ts';
import { postResult } from '../exchanges/post-result.ts';
import { SessionPushes } from '../exchanges/push-session.ts';
import { type Agreements, createAgreements } from '../rights/agreements.ts';
import { Allowances } from '../rights/rate-limits.ts';
import { Readers } from '../rights/session-readers.ts';

/** What the roles of a node have in common: results leave it, sessions are told, and what others may is the same in all. */
export interface Footing {
  agreements: Agreements;
  allowances: Allowances;
  deliveries: Deliveries;
  readers: Readers;
  pushes: SessionPushes;
  passes: PreferencePasses;
}

export function layFooting(ground: Ground): Footing {
  const { store, clock, complain, config } = ground;
  const readers = new Readers(ground);
  const deliveries = new Deliveries({
    store,
    clock,
    post: (exchange, withinMs) => postResult(ground, exchange, withinMs),
    alongside: (exchange, at, end) => outcomeEvent(exchange, at, { reason: undefined, ...end, result: exchange.result }),
    ended: (exchange) => tellOutcome(ground, exchange),
    complain,
  });
  const agreements = createAgreements(config, store);
  return {
    agreements,
    allowances: new Allowances(ground),
    deliveries,
    readers,
    pushes: new SessionPushes(ground, readers),
    passes: new PreferencePasses(ground, { readers, isHalted: agreements.isHalted }),
  };
}
