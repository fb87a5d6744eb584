import type { Outcome, ResultType } from '../../domain/exchange.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import { seconds } from '../../domain/units.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { stateAfter } from '../../roles/emsp/take-answer.ts';
import { exchangeById, openExchanges, readExchange, recordLate, recordOutcome, recordRelayed, type StoredExchange } from '../../store/sql/exchange.ts';
import { forgetInput, inputsOf, rememberInput } from '../../store/sql/input.ts';
import { type StoredSession, sessionByKey } from '../../store/sql/session.ts';
import { entitle } from '../../store/sql/steering.ts';
import type { Write } from '../../store/store.ts';
import type { Context } from '../core/context.ts';
import { endExchange, reportOutcome } from '../core/end-exchange.ts';
import type { Agreements } from '../rights/agreements.ts';
import type { Relay } from './relay.ts';

/** What the relay's results set off. */
export interface RelayResultDependencies extends Pick<Agreements, 'sharing'> {
  relay: Pick<Relay, 'untilAnswered'>;
  deliver(exchange: StoredExchange): void;
  /** Asks the CPO what holds, in our own name. */
  look(session: StoredSession<WireSession, undefined>): Promise<unknown>;
}

/** A result as it came from the CPO. */
interface Came {
  word: ResultType;
  profile?: ActiveChargingProfile;
  body: unknown;
}

/** Takes the CPO's results of relayed requests and passes them on as they came, once, before the SCSP stops waiting (CP-61, CP-62). */
export class RelayResults {
  readonly #context: Context;
  readonly #parts: RelayResultDependencies;

  constructor(context: Context, parts: RelayResultDependencies) {
    this.#context = context;
    this.#parts = parts;
  }

  /** False when it had its result already. */
  async receive(asked: StoredExchange, came: Came): Promise<boolean> {
    const { store, clock, journal } = this.#context;
    // The result may overtake the immediate answer.
    await this.#parts.relay.untilAnswered(asked.id);
    const exchange = (await store.first(exchangeById(asked.id))) ?? asked;
    const at = clock.now();
    const outcome: Outcome = { result: came.word, ...(came.profile && { profile: came.profile }) };
    const waited = exchange.state === 'AWAITING';
    const [recorded] = await store.commit([
      waited
        ? recordRelayed(exchange.id, { outcome, body: JSON.stringify(came.body), at })
        : recordOutcome(exchange.id, { state: stateAfter(came.word), outcome, reason: 'late', at }),
      ...(await this.#consequences(exchange, came.word)),
    ]);
    const { ask, session, upstream, peer } = exchange;
    journal.note({ step: 'result-came', exchange: exchange.id, kind: ask.kind, session, peer: upstream ?? peer, result: came.word, late: !waited });
    if (recorded?.changed === 1) {
      if (waited) for (const row of recorded.rows) this.#parts.deliver(readExchange(row));
      return true;
    }
    const [late] = await store.commit([recordLate(exchange.id, { outcome, reason: `${exchange.reason ?? exchange.state}, then ${came.word}` })]);
    return late?.changed === 1;
  }

  /** What is known of the session now, whether or not anybody was told. */
  async #consequences({ ask, party, peer, session, state }: StoredExchange, word: ResultType): Promise<readonly Write[]> {
    const { store, clock } = this.#context;
    const at = clock.now();
    // Whose right has lapsed is followed by a clear of ours.
    if (state === 'CANCELLED') return [];
    switch (ask.kind) {
      case 'get':
        return [];
      case 'clear':
        return word === 'REJECTED' ? [] : [forgetInput(session, party)];
      case 'set': {
        if (word !== 'ACCEPTED') return [];
        const replaced = (await store.all(inputsOf(session))).filter(({ by }) => by !== party && this.#parts.sharing(party, by) !== 'strictest');
        return [
          ...replaced.map(({ by }) => forgetInput(session, by)),
          rememberInput(session, { by: party, peer, profile: ask.profile, state: 'installed' }, at),
          entitle(session, { party, peer }, at),
        ];
      }
      default:
        return ask satisfies never;
    }
  }

  /** The answer was passed on; what was ACCEPTED is waited for. */
  answerRecorded(exchange: StoredExchange): void {
    if (exchange.state === 'AWAITING') this.#awaitResult(exchange);
    else reportOutcome(this.#context, exchange);
  }

  #awaitResult(exchange: StoredExchange): void {
    const { clock, reportError } = this.#context;
    clock.after(Math.max(0, exchange.deadline - clock.now()), () => {
      this.#timeOut(exchange).catch((error) => reportError(`exchange ${exchange.id}`, error));
    });
  }

  /** The CPO said nothing: neither do we, but we look what holds, so that the SCSP hears of the state (K13). */
  async #timeOut(exchange: StoredExchange): Promise<void> {
    const ended = await endExchange(this.#context, exchange, { from: ['AWAITING'], state: 'TIMED_OUT', reason: 'cpo_silent' });
    const session = ended && ended.ask.kind !== 'get' ? await this.#context.store.first(sessionByKey<WireSession, undefined>(ended.session)) : undefined;
    if (session?.status === 'ACTIVE') await this.#parts.look(session);
  }

  /** Takes up what an earlier run left open: what was not answered when it ended is not known to have arrived (K11, K12). */
  async recover(): Promise<void> {
    for (const exchange of await this.#context.store.all(openExchanges)) {
      if (exchange.side !== 'relayed') continue;
      if (exchange.state === 'AWAITING') this.#awaitResult(exchange);
      else if (exchange.state === 'RESULT') this.#parts.deliver(exchange);
      else {
        const state = exchange.state === 'POSTING' ? 'UNCERTAIN' : 'DELIVERY_UNKNOWN';
        await endExchange(this.#context, exchange, { from: [exchange.state], state, reason: 'crash' });
      }
    }
  }
}

/** How far ahead we look in our own name. */
export const LOOK_AHEAD = seconds(900);
