import type { Outcome, ResultType } from '../../domain/exchange.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import { ActiveChargingProfileResult } from '../../ocpi/chargingprofiles/charging-profile.ts';
import { mapUnknownTexts } from '../../ocpi/known-fields.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { pseudonymiseText } from '../../roles/emsp/pseudonymise-text.ts';
import { stateAfterResult } from '../../roles/emsp/sent-request-state.ts';
import { exchangeById, openExchanges, readExchange, recordLateResult, recordOutcome, recordRelayed, type StoredExchange } from '../../store/sql/exchange.ts';
import { forgetInput, forgetOtherInputs, rememberInput } from '../../store/sql/input.ts';
import { sessionByKey } from '../../store/sql/session.ts';
import { entitle } from '../../store/sql/steering.ts';
import type { Write } from '../../store/store.ts';
import type { Context } from '../core/context.ts';
import { endExchange, reportOutcome } from '../core/end-exchange.ts';
import { awaitResult } from '../exchanges/await-result.ts';
import { checkActiveProfile } from '../remote/send-request.ts';
import type { Agreements } from '../rights/agreements.ts';
import { relayedId } from '../rights/session-readers.ts';
import type { Relay } from './relay.ts';

/** What the results of relayed requests need from other parts of the node. */
export interface RelayResultDependencies extends Pick<Agreements, 'partnersOf'> {
  relay: Pick<Relay, 'untilAnswered'>;
  /** Posts the result to the response_url of the SCSP. */
  deliver(exchange: StoredExchange): void;
}

/** A result as the CPO posted it. */
interface ReceivedResult {
  result: ResultType;
  profile?: ActiveChargingProfile;
  /** The whole body, with fields that this node does not know. */
  body: unknown;
}

/** Receives the CPO's results of relayed requests and forwards them unchanged, once, before the SCSP stops waiting (CP-61, CP-62). */
export interface RelayResults {
  /** Receives a result; false when the exchange has one already. */
  receive(exchange: StoredExchange, posted: ReceivedResult): Promise<boolean>;
  /** The CPO's immediate answer is stored and forwarded: waits for the result when the answer was ACCEPTED. */
  answerRecorded(exchange: StoredExchange): void;
  /** Continues what an earlier run of the node left open. A message that was under way when it ended may or may not have arrived (K11, K12). */
  recover(): Promise<void>;
}

/** Creates the receiver of results for a relay. */
export function createRelayResults(context: Context, dependencies: RelayResultDependencies): RelayResults {
  const receiver = { context, ...dependencies };
  return {
    receive: (exchange, posted) => receive(receiver, exchange, posted),
    answerRecorded: (exchange) => (exchange.state === 'AWAITING' ? waitForResult(context, exchange) : reportOutcome(context, exchange)),
    recover: () => recover(receiver),
  };
}

interface Receiver extends RelayResultDependencies {
  context: Context;
}

async function receive(receiver: Receiver, stored: StoredExchange, { result, profile, body }: ReceivedResult): Promise<boolean> {
  const { store, clock, journal } = receiver.context;
  // The result may arrive before the immediate answer is recorded.
  await receiver.relay.untilAnswered(stored.id);
  const exchange = (await store.first(exchangeById(stored.id))) ?? stored;
  const at = clock.now();
  const outcome: Outcome = { result, ...(profile && { profile }) };
  const inTime = exchange.state === 'AWAITING';
  const forwarded = inTime ? await bodyFor(receiver.context, exchange, body) : undefined;
  const [recorded] = await store.commit([
    inTime
      ? recordRelayed(exchange.id, { outcome, body: JSON.stringify(forwarded), at })
      : recordOutcome(exchange.id, { state: stateAfterResult(result), outcome, reason: 'late', at }),
    ...inputWrites(receiver, exchange, result),
  ]);
  const { ask, session, upstream, peer } = exchange;
  journal.note({ step: 'result-received', exchange: exchange.id, kind: ask.kind, session, peer: upstream ?? peer, result, late: !inTime });
  if (recorded?.changed === 1) {
    if (inTime) for (const row of recorded.rows) receiver.deliver(readExchange(row));
    return true;
  }
  const [late] = await store.commit([recordLateResult(exchange.id, { outcome, reason: `${exchange.reason ?? exchange.state}, then ${result}` })]);
  return late?.changed === 1;
}

/** The body of a result as the SCSP may read it: fields that OCPI does not define may hold the id of the session or of its driver (SEC-43). */
async function bodyFor(context: Context, { party, session: key }: StoredExchange, body: unknown): Promise<unknown> {
  const session = await context.store.first(sessionByKey<WireSession, undefined>(key));
  if (!session) return body;
  const id = relayedId(context, party, key);
  return mapUnknownTexts(ActiveChargingProfileResult, body, (text) => pseudonymiseText(text, session.body, id));
}

/** Records which profiles steer the session now, also for a result that is too late to be forwarded. */
function inputWrites({ context, partnersOf }: Receiver, { ask, party, peer, session, state }: StoredExchange, result: ResultType): readonly Write[] {
  const at = context.clock.now();
  // The right of this party has expired: a CLEAR of our own follows.
  if (state === 'CANCELLED') return [];
  switch (ask.kind) {
    case 'get':
      return [];
    case 'clear':
      return result === 'REJECTED' ? [] : [forgetInput(session, party)];
    case 'set':
      if (result !== 'ACCEPTED') return [];
      return [
        forgetOtherInputs(session, party, partnersOf(party, 'strictest')),
        rememberInput(session, { by: party, peer, profile: ask.profile, state: 'installed' }, at),
        entitle(session, { party, peer }, at),
      ];
    default:
      return ask satisfies never;
  }
}

/** Without a result from the CPO the SCSP gets none; it learns what holds from the active profile that is requested (K13). */
const waitForResult = (context: Context, exchange: StoredExchange): void =>
  awaitResult(context, exchange, { from: ['AWAITING'], state: 'TIMED_OUT', reason: 'cpo_silent', ended: (it) => checkActiveProfile(context, it) });

async function recover({ context, deliver }: Receiver): Promise<void> {
  for (const exchange of await context.store.all(openExchanges)) {
    if (exchange.side !== 'relayed') continue;
    if (exchange.state === 'AWAITING') waitForResult(context, exchange);
    else if (exchange.state === 'RESULT') deliver(exchange);
    else {
      const state = exchange.state === 'POSTING' ? 'UNCERTAIN' : 'DELIVERY_UNKNOWN';
      await endExchange(context, exchange, { from: [exchange.state], state, reason: 'crash' });
    }
  }
}
