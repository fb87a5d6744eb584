import type { Effect } from '../../domain/effect.ts';
import { type ExchangeId, type MessageId, messageId, type SessionKey, type StationId } from '../../domain/ids.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { StationAnswer } from '../../domain/station.ts';
import type { Seconds } from '../../domain/units.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import type { Station, StationRequest } from '../../ocpp/station.ts';
import { OPERATOR } from '../../roles/cpo/known.ts';
import { answerBy, remaining } from '../../roles/cpo/recover.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { type Carried, silent, take, takeLate, withoutWord } from '../../roles/cpo/take-station-answer.ts';
import { RETRY_MS, retryUntil } from '../../store/retry-until.ts';
import { claimSending, exchangeById, exchangeByMessage, openExchanges, recordAfterwards, type StoredExchange } from '../../store/sql/exchange.ts';
import { inputsOf } from '../../store/sql/input.ts';
import { sessionByKey } from '../../store/sql/session.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import type { Context } from '../core/context.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import type { Agreements } from '../rights/agreements.ts';
import type { SiteLimits } from '../sites/site-limits.ts';
import type { RunEffects } from './run-effect.ts';
import { type Dispatch, profilesToMerge, requestOf } from './station-request.ts';

/** What a carrier works with. */
export interface StationDispatcherDependencies {
  stationOf(id: StationId): Station | undefined;
  sharing: Agreements['sharing'];
  limits: Pick<SiteLimits, 'limitFor' | 'runSerially'>;
  run: RunEffects;
  deliver(exchange: StoredExchange): void;
  /** What the node computes for a charge point that cannot say what it has calculated; undefined: it does not know. */
  compute(session: SessionKey, duration: Seconds): Promise<ActiveChargingProfile | undefined>;
}

/** Carries accepted requests to charge points and their words back, across broken connections and restarts (how-a-request-runs §2 to §5). */
export class StationDispatcher {
  readonly #context: Context;
  readonly #places: EvseDirectory;
  readonly #tools: StationDispatcherDependencies;
  readonly #waiting = new Map<ExchangeId, { carriage: Dispatch; stop: () => void }>();
  /** The epoch of each charge point's connection on which what waited has gone out; before it nothing may overtake. */
  readonly #open = new Map<StationId, number>();
  /** When each was taken up, which is the order of acceptance: what broke off goes again in that order. */
  readonly #turns = new WeakMap<Dispatch, number>();
  #lastTurn = 0;
  /** The last words of one session's exchanges, one after another: what is computed counts what was set before. */
  readonly #words = new SerialByKey<SessionKey>();
  readonly #afoot = new Set<Promise<void>>();

  constructor(context: Context, places: EvseDirectory, tools: StationDispatcherDependencies) {
    this.#context = context;
    this.#places = places;
    this.#tools = tools;
  }

  /** Takes up an exchange that is committed as ACCEPTED. */
  dispatch(carriage: Dispatch): void {
    this.#turnOf(carriage);
    const afoot = this.#tools.limits
      .runSerially(carriage.evseUid, () => this.#send(carriage))
      .catch((error) => this.#context.reportError(`exchange ${carriage.exchange.id}`, error))
      .finally(() => this.#afoot.delete(afoot));
    this.#afoot.add(afoot);
  }

  /** Resolves when no charge point is being asked and what was heard is on record; of those that wait, none is waited for. */
  async idle(): Promise<void> {
    while (this.#afoot.size > 0) await Promise.all(this.#afoot);
  }

  async #send(carriage: Dispatch): Promise<void> {
    const station = this.#tools.stationOf(carriage.station);
    await this.#meet(carriage);
    const request = requestOf(carriage, this.#places);
    if (!station || !request || this.#open.get(station.id) !== station.epoch) return this.#wait(carriage);
    const { exchange } = carriage;
    const message = messageId(this.#context.newId());
    let failed = false;
    const claim = () =>
      this.#claim(carriage, station, message).catch((error) => {
        this.#context.reportError(`claim of ${exchange.id}`, error);
        failed = true;
        return false;
      });
    const said = await station.ask({ request, messageId: message, deadline: answerBy(exchange.deadline, exchange.timeout), claim });
    this.#note(carriage, wordFor(said));
    const heard = await this.#orComputed(carriage, said);
    if (failed) return void this.#context.clock.after(RETRY_MS, () => this.dispatch(carriage));
    const { answer, effects } = take(carriedOf(carriage), heard);
    if (answer !== 'waits') return this.#conclude(effects, exchange);
    // The charge point may be back already, if the claim took longer than that.
    const isBack = (this.#tools.stationOf(station.id)?.epoch ?? 0) > station.epoch;
    return isBack && carriage.sends < 2 ? this.dispatch(carriage) : this.#wait(carriage);
  }

  /** Where other parties steer the session too: their profiles as they are now, and what it takes to compare them. */
  async #meet(carriage: Dispatch): Promise<void> {
    const { store } = this.#context;
    const { party, session } = carriage.exchange;
    carriage.limit = this.#tools.limits.limitFor(carriage.evseUid);
    if (!carriage.inputs.every(({ by }) => by === party)) {
      carriage.inputs = await store.all(inputsOf(session));
      carriage.others = profilesToMerge(carriage, this.#tools.sharing);
    }
    if ((carriage.others.length === 0 && !carriage.limit) || carriage.startedAt !== undefined) return;
    const wire = (await store.first(sessionByKey<OwnSession, Progress>(session)))?.body;
    const startedAt = wire && dateTimeSeconds(wire.start_date_time);
    if (startedAt !== undefined) carriage.startedAt = startedAt;
  }

  /** A charge point without composite schedules is spoken for, once what it took before is on record (quirk no-composite-schedule). */
  async #orComputed({ exchange, station }: Dispatch, said: StationAnswer): Promise<StationAnswer> {
    const { ask, session, id } = exchange;
    if (ask.kind !== 'get' || said.is !== 'REJECTED' || !said.lacksSmartCharging) return said;
    const activeProfile = await this.#words.run(session, () => this.#tools.compute(session, ask.duration));
    if (!activeProfile) return said;
    this.#context.journal.note({ step: 'computed', exchange: id, session, station });
    return { is: 'ACCEPTED', activeProfile, computed: true };
  }

  async #claim(carriage: Dispatch, station: Station, message: MessageId): Promise<boolean> {
    const { exchange } = carriage;
    const [claimed] = await this.#context.store.commit([
      claimSending(exchange.id, { messageId: message, epoch: station.epoch, at: this.#context.clock.now() }),
    ]);
    if (claimed?.changed !== 1) return false;
    carriage.sends += 1;
    this.#context.journal.note({ step: 'sending', exchange: exchange.id, kind: exchange.ask.kind, session: exchange.session, station: station.id });
    return true;
  }

  /** Writes down what follows; a store that is out of reach for a moment costs nobody a result. */
  async #conclude(effects: readonly Effect[], exchange: Dispatch['exchange']): Promise<void> {
    const { store, clock } = this.#context;
    let inDoubt = false;
    const run = () =>
      this.#tools.run(effects, exchange).catch((error) => {
        inDoubt = true;
        throw error;
      });
    await this.#words.run(exchange.session, () => retryUntil(run, { clock, until: exchange.deadline }));
    const row = inDoubt ? await store.first(exchangeById(exchange.id)) : undefined;
    if (row?.state === 'RESULT') this.#tools.deliver(row);
  }

  #note({ exchange, station }: Dispatch, word: string): void {
    this.#context.journal.note({ step: 'station-said', exchange: exchange.id, kind: exchange.ask.kind, session: exchange.session, station, word });
  }

  #turnOf(carriage: Dispatch): number {
    const turn = this.#turns.get(carriage);
    if (turn !== undefined) return turn;
    this.#lastTurn += 1;
    this.#turns.set(carriage, this.#lastTurn);
    return this.#lastTurn;
  }

  /** Until the charge point is back, or there is no time left. */
  #wait(carriage: Dispatch): void {
    const { id, deadline, timeout } = carriage.exchange;
    this.#turnOf(carriage);
    // A clock that was put back since it was accepted does not make it wait any longer.
    const left = Math.min(answerBy(deadline, timeout) - this.#context.clock.now(), timeout * 1000);
    const stop = this.#context.clock.after(Math.max(0, left), () => {
      this.#waiting.delete(id);
      const { effects } = withoutWord(carriedOf(carriage));
      this.#conclude(effects, carriage.exchange).catch((error) => this.#context.reportError(`exchange ${id}`, error));
    });
    this.#waiting.set(id, { carriage, stop });
  }

  /** A charge point is there (again): what waits for it goes out, what broke off goes once more. */
  stationConnected(station: StationId): void {
    const epoch = this.#tools.stationOf(station)?.epoch;
    if (epoch === undefined) return;
    this.#open.set(station, epoch);
    // Sent twice and never answered: once more would only pile up, but a late word may still come.
    const waiting = [...this.#waiting.values()].filter(({ carriage }) => carriage.station === station && carriage.sends < 2);
    for (const { carriage, stop } of waiting.sort((a, b) => this.#turnOf(a.carriage) - this.#turnOf(b.carriage))) {
      stop();
      this.#waiting.delete(carriage.exchange.id);
      this.dispatch(carriage);
    }
  }

  /** An answer to a call of an older connection, or one that came too late. */
  async lateAnswer(message: MessageId, read: (request: StationRequest) => StationAnswer): Promise<void> {
    const exchange = await this.#context.store.first(exchangeByMessage(message));
    const carriage = exchange && (await this.#carriageOf(exchange));
    const request = carriage && requestOf(carriage, this.#places);
    if (!exchange || !carriage || !request) return;
    const heard = read(request);
    const carried = carriedOf(carriage);
    this.#note(carriage, `${wordFor(heard)}, late`);
    if (exchange.state === 'SENDING') {
      this.#waiting.get(exchange.id)?.stop();
      this.#waiting.delete(exchange.id);
      return this.#conclude(take(carried, heard).effects, exchange);
    }
    if (exchange.state !== 'TIMED_OUT' || (heard.is !== 'ACCEPTED' && heard.is !== 'REJECTED' && heard.is !== 'UNKNOWN')) return;
    await this.#context.store.commit([recordAfterwards(exchange.id, `${exchange.reason ?? 'TIMED_OUT'}, then ${heard.is}`)]);
    await this.#tools.run(takeLate(carried, heard.is), exchange);
  }

  /** Takes up whatever an earlier run of this node left open. */
  async recover(): Promise<void> {
    for (const exchange of await this.#context.store.all(openExchanges)) {
      if (exchange.side === 'carried' || exchange.side === 'own') await this.#takeUp(exchange);
    }
  }

  async #takeUp(exchange: StoredExchange): Promise<void> {
    const carriage = await this.#carriageOf(exchange);
    const timeOut = { do: 'end', exchange: exchange.id, state: 'TIMED_OUT', reason: 'crash' } as const;
    const remains = remaining({ ...exchange, resent: exchange.earlierMessageId !== undefined }, this.#context.clock.now());
    switch (remains) {
      case 'send':
      case 'resend':
      case 'await-late-word':
        // Without its session there is nothing left to ask a charge point for.
        return carriage ? this.#wait(carriage) : this.#tools.run([timeOut], exchange);
      case 'tell-not-sent':
        return this.#tools.run(carriage ? withoutWord(carriedOf(carriage)).effects : [timeOut], exchange);
      case 'time-out':
        return this.#tools.run(carriage && exchange.state === 'SENDING' ? silent(carriedOf(carriage), 'crash').effects : [timeOut], exchange);
      case 'deliver':
      case 'expire':
        return this.#tools.deliver(exchange);
      case 'delivery-unknown':
        return this.#tools.run(
          [
            { do: 'end', exchange: exchange.id, state: 'DELIVERY_UNKNOWN', reason: 'crash' },
            { do: 'reread-active-profile', session: exchange.session },
          ],
          exchange,
        );
      case 'nothing':
        return undefined;
      default:
        return remains satisfies never;
    }
  }

  async #carriageOf(exchange: StoredExchange): Promise<Dispatch | undefined> {
    const session = await this.#context.store.first(sessionByKey<OwnSession, Progress>(exchange.session));
    if (!session?.station || !session.evseUid || session.transactionId === undefined || exchange.profileId === undefined) return undefined;
    const sends = (exchange.messageId ? 1 : 0) + (exchange.earlierMessageId ? 1 : 0);
    const carriage: Dispatch = {
      exchange,
      station: session.station,
      evseUid: session.evseUid,
      transactionId: session.transactionId,
      profileId: exchange.profileId,
      inputs: await this.#context.store.all(inputsOf(exchange.session)),
      others: [],
      sends,
    };
    await this.#meet(carriage);
    return carriage;
  }
}

const carriedOf = ({ exchange, station, inputs, others, sends }: Dispatch): Carried => ({
  id: exchange.id,
  side: exchange.side === 'own' ? 'own' : 'carried',
  peer: exchange.peer,
  party: exchange.party,
  session: exchange.session,
  station,
  ask: exchange.ask,
  sends,
  installed: inputs.some(({ by }) => by === exchange.party || exchange.party === OPERATOR),
  replaces: others.length === 0 ? 'all' : inputs.filter((it) => it.by !== exchange.party && !others.includes(it)).map(({ by }) => by),
});

const wordFor = (heard: StationAnswer): string => ('because' in heard ? `${heard.is} (${heard.because})` : heard.is);
