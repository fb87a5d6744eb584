import type { AcceptEffect } from '../../domain/effect.ts';
import type { PartyKey } from '../../domain/ids.ts';
import { type InsertCondition, insertExchange, type NewExchange, readExchange, type StoredExchange, supersedeOlderSets } from '../../store/sql/exchange.ts';
import type { Input } from '../../store/sql/input.ts';
import type { SessionAccess } from '../../store/sql/session-rights.ts';
import type { Row, Write } from '../../store/store.ts';
import type { Context } from '../core/context.ts';
import type { Dispatch } from './station-request.ts';

/** A request that was decided ACCEPTED, before it is committed. */
export interface AcceptedRequest {
  effects: readonly AcceptEffect[];
  exchange: NewExchange;
  session: SessionAccess;
  inputs: readonly Input[];
  /** Undefined for the operator's own requests. */
  responseUrl: string | undefined;
  /** What must still hold when the request is committed (docs/guards.md). */
  condition: InsertCondition;
  /** Parties whose older SETs stay, because they share the session by the lowest profile. */
  keep: readonly PartyKey[];
}

/** What the work that an ACCEPTED promises needs from other parts of the node. */
export interface AcceptListeners {
  /** Brings an accepted request to its charge point. */
  dispatch(exchange: Dispatch): void;
  /** Posts a result to the response_url. */
  deliver(exchange: StoredExchange): void;
}

/**
 * Commits a request with the work that it promises, if its condition holds at that moment and its X-Request-ID is new. Resolves with the
 * function that starts the work; undefined: nothing was committed.
 */
export async function commitAccepted(
  context: Pick<Context, 'store' | 'encryption' | 'metrics'>,
  accepted: AcceptedRequest,
  listeners: AcceptListeners,
): Promise<(() => void) | undefined> {
  const { effects, exchange, responseUrl } = accepted;
  const encryptedUrl = responseUrl === undefined ? undefined : context.encryption.encrypt(responseUrl);
  const written = await context.store.commit(effects.map((effect) => writeFor(effect, accepted, encryptedUrl)));
  if (written.some(({ changed }, n) => effects[n]?.do === 'dispatch' && changed !== 1)) return undefined;
  if (exchange.side === 'carried') context.metrics.accepted.inc({ kind: exchange.ask.kind });
  return () => {
    for (const [n, effect] of effects.entries()) act({ effect, rows: written[n]?.rows ?? [] }, { ...accepted, encryptedUrl }, listeners);
  };
}

function writeFor(effect: AcceptEffect, { exchange, condition, keep }: AcceptedRequest, encryptedUrl: string | undefined): Write {
  switch (effect.do) {
    case 'dispatch':
      return insertExchange(exchange, encryptedUrl === undefined ? {} : { encryptedUrl }, condition);
    case 'supersede':
      return supersedeOlderSets(effect.session, exchange.id, { at: exchange.acceptedAt, keep });
    default:
      return effect satisfies never;
  }
}

function act(
  { effect, rows }: { effect: AcceptEffect; rows: readonly Row[] },
  { exchange, session, inputs, responseUrl, encryptedUrl }: AcceptedRequest & { encryptedUrl: string | undefined },
  listeners: AcceptListeners,
): void {
  switch (effect.do) {
    case 'dispatch': {
      const { evseUid, transactionId } = session;
      const { station, profileId } = effect;
      listeners.dispatch({ exchange: { ...exchange, responseUrl, encryptedUrl }, station, evseUid, transactionId, profileId, inputs, others: [], sends: 0 });
      return;
    }
    case 'supersede':
      for (const row of rows) listeners.deliver(readExchange(row));
      return;
    default:
      effect satisfies never;
  }
}
