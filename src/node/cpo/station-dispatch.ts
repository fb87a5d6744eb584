import type { Effect } from '../../domain/effect.ts';
import { type ExchangeId, type MessageId, messageId, type SessionKey, type StationId } from '../../domain/ids.ts';
import { beginsLater } from '../../domain/profile/active-profile.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { StationAnswer } from '../../domain/station.ts';
import { epochMillis, type Seconds, toSeconds } from '../../domain/units.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import type { Station, StationRequest } from '../../ocpp/station.ts';
import { applyAnswer, applyLateAnswer, timedOut, withoutAnswer } from '../../roles/cpo/process-station-answer.ts';
import { remainingWork } from '../../roles/cpo/recover.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { RETRY_MS, retryUntil } from '../../store/retry-until.ts';
import { claimSending, exchangeById, exchangeByMessage, openExchanges, recordLateAnswer, type StoredExchange } from '../../store/sql/exchange.ts';
import { inputsOf } from '../../store/sql/input.ts';
import { sessionByKey } from '../../store/sql/session.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import type { Context } from '../core/context.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import type { Agreements } from '../rights/agreements.ts';
import { describeAnswer } from '../sites/send-to-station.ts';
import type { SiteLimits } from '../sites/site-limits.ts';
import { DispatchDeadlines } from './dispatch-deadlines.ts';
import type { RunEffects } from './run-effect.ts';
import { carriedOf, type Dispatch, keepsOthers, profilesToMerge, requestOf } from './station-request.ts';

/** What dispatching needs from other parts of the node. */
export interface StationDispatcherDependencies {
  stationOf(id: StationId): Station | undefined;
  agreements: Pick<Agreements, 'sharing' | 'partnersOf' | 'merges'>;
  limits: Pick<SiteLimits, 'limitFor' | 'runSerially'>;
  run: RunEffects;
  deliver(exchange: StoredExchange): void;
  /** The node only observes the charge point, and has not sent this request. */
  notSent(exchange: Dispatch['exchange'], request: StationRequest): void;
  /** The active profile that the node computes for a charge point without composite schedules; undefined: not known. */
  compute(session: SessionKey, duration: Seconds): Promise<ActiveChargingProfile | undefined>;
  /** A reported active profile, from now on. */
  complete(session: SessionKey, active: ActiveChargingProfile, duration: Seconds): Promise<ActiveChargingProfile>;
}

/** Dispatches accepted requests to charge points and processes the answers, across broken connections and restarts (how-a-request-runs §2 to §5). */
export class StationDispatcher {
  readonly #context: Context;
  readonly #evses: EvseDirectory;
  readonly #dependencies: StationDispatcherDependencies;
  /** Exchanges whose charge point is offline; `stop` cancels the timer of the deadline. */
  readonly #waiting = new Map<ExchangeId, { dispatch: Dispatch; stop: () => void }>();
  /** For each charge point the epoch of the connection on which its waiting exchanges were sent; until then newer ones wait behind them. */
  readonly #open = new Map<StationId, number>();
  /** The order of acceptance: after a broken connection exchanges are sent again in this order. */
  readonly #order = new WeakMap<Dispatch, number>();
  #lastOrder = 0;
  /** Outcomes of one session are committed one after another: a computed profile includes what was set before. */
  readonly #outcomes = new SerialByKey<SessionKey>();
  /** Where parties share sessions by the lowest profile, requests of one session go one after another: each is merged with the outcomes before it. */
  readonly #turns = new SerialByKey<SessionKey>();
  readonly #deadlines: DispatchDeadlines;
  /** Exchanges that were dispatched, and not handed to a connection yet. */
  readonly #pending = new Set<Dispatch>();

  constructor(context: Context, evses: EvseDirectory, dependencies: StationDispatcherDependencies) {
    this.#context = context;
    this.#deadlines = new DispatchDeadlines(context.clock);
    this.#evses = evses;
    this.#dependencies = dependencies;
    context.metrics.keep('exchanges that wait for their charge point', () => this.#waiting.size);
    context.metrics.keep('work in order', () => this.#outcomes.size + this.#turns.size);
    context.metrics.keep('exchanges on their way to a charge point', () => this.#pending.size);
  }

  /** Dispatches an exchange that is committed as ACCEPTED. */
  dispatch(dispatch: Dispatch): void {
    this.#orderOf(dispatch);
    this.#deadlines.of(dispatch);
    this.#pending.add(dispatch);
    const { limits, agreements } = this.#dependencies;
    const send = () => limits.runSerially(dispatch.evseUid, () => this.#send(dispatch));
    this.#context.work.start(`exchange ${dispatch.exchange.id}`, () => (agreements.merges ? this.#turns.run(dispatch.exchange.session, send) : send()));
  }

  async #send(dispatch: Dispatch): Promise<void> {
    const station = this.#dependencies.stationOf(dispatch.station);
    await this.#addProfilesAndLimit(dispatch).finally(() => this.#pending.delete(dispatch));
    const request = requestOf(dispatch, this.#evses);
    if (!station || !request || this.#open.get(station.id) !== station.epoch) return this.#wait(dispatch);
    if (this.#isOvertaking(dispatch)) return this.dispatch(dispatch);
    const { exchange } = dispatch;
    const message = messageId(this.#context.newId());
    let failed = false;
    const claim = () =>
      this.#claim(dispatch, station, message).catch((error) => {
        this.#context.reportError(`claim of ${exchange.id}`, error);
        failed = true;
        return false;
      });
    const deadline = epochMillis(this.#context.clock.now() + this.#deadlines.millisToAnswer(dispatch));
    const received = await station.send({ request, messageId: message, deadline, claim });
    this.#note(dispatch, describeAnswer(received));
    if (received.is === 'NOT_SENT' && received.because === 'observing') this.#dependencies.notSent(exchange, request);
    const stationAnswer = await this.#withKnownLimits(dispatch, received);
    if (failed) return void this.#context.clock.after(RETRY_MS, () => this.dispatch(dispatch));
    const { answer, effects } = applyAnswer(carriedOf(dispatch), stationAnswer);
    if (answer !== 'waits') return this.#conclude(effects, dispatch);
    // The charge point may have connected again while the claim was committed.
    const isBack = (this.#dependencies.stationOf(station.id)?.epoch ?? 0) > station.epoch;
    return isBack && dispatch.sends < 2 ? this.dispatch(dispatch) : this.#wait(dispatch);
  }

  /** An older exchange of the session was dispatched again, after a broken connection, while this one had its turn. */
  #isOvertaking(dispatch: Dispatch): boolean {
    const { session } = dispatch.exchange;
    const isOlder = (it: Dispatch) => it.exchange.session === session && this.#orderOf(it) < this.#orderOf(dispatch);
    return this.#dependencies.agreements.merges && [...this.#pending].some(isOlder);
  }

  /** Adds the site's limit, and when other parties steer the session too, their current profiles and the time from which relative ones count. */
  async #addProfilesAndLimit(dispatch: Dispatch): Promise<void> {
    const { store } = this.#context;
    const { party, session } = dispatch.exchange;
    dispatch.limit = this.#dependencies.limits.limitFor(dispatch.evseUid);
    const { agreements } = this.#dependencies;
    if (agreements.partnersOf(party, 'strictest').length > 0 || !dispatch.inputs.every(({ by }) => by === party) || keepsOthers(dispatch.exchange.ask)) {
      dispatch.inputs = await store.all(inputsOf(session));
      dispatch.others = profilesToMerge(dispatch, agreements.sharing);
    }
    if ((dispatch.others.length === 0 && !dispatch.limit) || dispatch.startedAt !== undefined) return;
    const wire = (await store.first(sessionByKey<OwnSession, Progress>(session)))?.body;
    const startedAt = wire && dateTimeSeconds(wire.start_date_time);
    if (startedAt !== undefined) dispatch.startedAt = startedAt;
  }

  /**
   * Adds to the answer to a get what the node knows, once earlier outcomes are committed: the time before a schedule that begins later
   * (F-60), or the whole profile of a charge point without composite schedules (quirk no-composite-schedule).
   */
  async #withKnownLimits({ exchange, station }: Dispatch, answer: StationAnswer): Promise<StationAnswer> {
    const { ask, session, id } = exchange;
    if (ask.kind !== 'get') return answer;
    if (answer.is === 'ACCEPTED' && answer.activeProfile && beginsLater(answer.activeProfile, toSeconds(this.#context.clock.now()))) {
      const { activeProfile } = answer;
      return { ...answer, activeProfile: await this.#outcomes.run(session, () => this.#dependencies.complete(session, activeProfile, ask.duration)) };
    }
    if (answer.is !== 'REJECTED' || !answer.lacksSmartCharging) return answer;
    const activeProfile = await this.#outcomes.run(session, () => this.#dependencies.compute(session, ask.duration));
    if (!activeProfile) return answer;
    this.#context.journal.note({ step: 'active-profile-computed', exchange: id, session, station });
    return { is: 'ACCEPTED', activeProfile, computed: true };
  }

  async #claim(dispatch: Dispatch, station: Station, message: MessageId): Promise<boolean> {
    const { exchange } = dispatch;
    const [claimed] = await this.#context.store.commit([
      claimSending(exchange.id, { messageId: message, epoch: station.epoch, at: this.#context.clock.now() }),
    ]);
    if (claimed?.changed !== 1) return false;
    dispatch.sends += 1;
    const { id, ask, session, correlationId } = exchange;
    this.#context.journal.note({ step: 'sending', exchange: id, kind: ask.kind, session, station: station.id, correlationId });
    return true;
  }

  /** Commits the effects; retries until the deadline when the store fails. */
  async #conclude(effects: readonly Effect[], dispatch: Dispatch): Promise<void> {
    const { store, clock, work } = this.#context;
    const { exchange } = dispatch;
    let hasFailed = false;
    const run = () =>
      this.#dependencies.run(effects, exchange).catch((error) => {
        hasFailed = true;
        throw error;
      });
    await this.#outcomes.run(exchange.session, () => retryUntil(run, { clock, until: this.#deadlines.of(dispatch), stop: work.stopping }));
    // An attempt that failed may have been committed: its result is then still to be delivered.
    const row = hasFailed ? await store.first(exchangeById(exchange.id)) : undefined;
    if (row?.state === 'RESULT') this.#dependencies.deliver(row);
  }

  #note({ exchange, station }: Dispatch, answer: string): void {
    this.#context.journal.note({ step: 'station-answered', exchange: exchange.id, kind: exchange.ask.kind, session: exchange.session, station, answer });
  }

  #orderOf(dispatch: Dispatch): number {
    const order = this.#order.get(dispatch);
    if (order !== undefined) return order;
    this.#lastOrder += 1;
    this.#order.set(dispatch, this.#lastOrder);
    return this.#lastOrder;
  }

  /** Waits until the charge point is back, or the time for its answer is over. */
  #wait(dispatch: Dispatch): void {
    const { id } = dispatch.exchange;
    this.#orderOf(dispatch);
    const stop = this.#context.clock.after(Math.max(0, this.#deadlines.millisToAnswer(dispatch)), () => {
      this.#waiting.delete(id);
      const { effects } = withoutAnswer(carriedOf(dispatch));
      this.#context.work.start(`exchange ${id}`, () => this.#conclude(effects, dispatch));
    });
    this.#waiting.set(id, { dispatch, stop });
  }

  /** A charge point is connected: sends the exchanges that wait for it, and once more those whose connection broke. */
  stationConnected(station: StationId): void {
    const epoch = this.#dependencies.stationOf(station)?.epoch;
    if (epoch === undefined) return;
    this.#open.set(station, epoch);
    // An exchange that was sent twice is not sent again, but a late answer may still arrive.
    const waiting = [...this.#waiting.values()].filter(({ dispatch }) => dispatch.station === station && dispatch.sends < 2);
    for (const { dispatch, stop } of waiting.sort((a, b) => this.#orderOf(a.dispatch) - this.#orderOf(b.dispatch))) {
      stop();
      this.#waiting.delete(dispatch.exchange.id);
      this.dispatch(dispatch);
    }
  }

  /** Processes an answer to a call of an older connection, or one that arrived too late. Only the charge point that was asked may answer. */
  async lateAnswer(from: StationId, message: MessageId, read: (request: StationRequest) => StationAnswer): Promise<void> {
    const exchange = await this.#context.store.first(exchangeByMessage(message));
    const dispatch = exchange && (await this.#dispatchOf(exchange));
    const request = dispatch?.station === from ? requestOf(dispatch, this.#evses) : undefined;
    if (!exchange || !dispatch || !request) return;
    const answer = await this.#withKnownLimits(dispatch, read(request));
    const carried = carriedOf(dispatch);
    this.#note(dispatch, `${describeAnswer(answer)}, late`);
    if (exchange.state === 'SENDING') {
      this.#waiting.get(exchange.id)?.stop();
      this.#waiting.delete(exchange.id);
      return this.#conclude(applyAnswer(carried, answer).effects, dispatch);
    }
    if (exchange.state !== 'TIMED_OUT' || (answer.is !== 'ACCEPTED' && answer.is !== 'REJECTED' && answer.is !== 'UNKNOWN')) return;
    await this.#context.store.commit([recordLateAnswer(exchange.id, `${exchange.reason ?? 'TIMED_OUT'}, then ${answer.is}`)]);
    await this.#dependencies.run(applyLateAnswer(carried, answer.is), exchange);
  }

  /** Continues the exchanges that an earlier run of this node left open. */
  async recover(): Promise<void> {
    for (const exchange of await this.#context.store.all(openExchanges)) {
      if (exchange.side === 'carried' || exchange.side === 'own') await this.#resume(exchange);
    }
  }

  async #resume(exchange: StoredExchange): Promise<void> {
    const dispatch = await this.#dispatchOf(exchange);
    const timeOut = { do: 'end', exchange: exchange.id, state: 'TIMED_OUT', reason: 'crash' } as const;
    const remains = remainingWork({ ...exchange, resent: exchange.earlierMessageId !== undefined }, this.#context.clock.now());
    switch (remains) {
      case 'send':
      case 'resend':
      case 'await-late-answer':
        // Without its session at a charge point there is no request to send.
        return dispatch ? this.#wait(dispatch) : this.#dependencies.run([timeOut], exchange);
      case 'report-not-sent':
        return this.#dependencies.run(dispatch ? withoutAnswer(carriedOf(dispatch)).effects : [timeOut], exchange);
      case 'time-out':
        return this.#dependencies.run(dispatch && exchange.state === 'SENDING' ? timedOut(carriedOf(dispatch), 'crash').effects : [timeOut], exchange);
      case 'deliver':
      case 'expire':
        return this.#dependencies.deliver(exchange);
      case 'delivery-unknown':
        return this.#dependencies.run(
          [
            { do: 'end', exchange: exchange.id, state: 'DELIVERY_UNKNOWN', reason: 'crash' },
            { do: 'reread-active-profile', session: exchange.session, stored: 'counts' },
          ],
          exchange,
        );
      case 'nothing':
        return undefined;
      default:
        return remains satisfies never;
    }
  }

  async #dispatchOf(exchange: StoredExchange): Promise<Dispatch | undefined> {
    const session = await this.#context.store.first(sessionByKey<OwnSession, Progress>(exchange.session));
    if (!session?.station || !session.evseUid || session.transactionId === undefined || exchange.profileId === undefined) return undefined;
    const sends = (exchange.messageId ? 1 : 0) + (exchange.earlierMessageId ? 1 : 0);
    const dispatch: Dispatch = {
      exchange,
      station: session.station,
      evseUid: session.evseUid,
      transactionId: session.transactionId,
      profileId: exchange.profileId,
      inputs: await this.#context.store.all(inputsOf(exchange.session)),
      others: [],
      sends,
    };
    await this.#addProfilesAndLimit(dispatch);
    return dispatch;
  }
}
