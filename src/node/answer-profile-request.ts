import { parseTarget } from '../delivery/guard/origin.ts';
import type { Decision } from '../domain/effect.ts';
import type { Ask } from '../domain/exchange.ts';
import { type ExchangeId, exchangeId, fold, peerId, type StationId, stationId } from '../domain/ids.ts';
import { later, type Seconds, seconds } from '../domain/units.ts';
import type { Request } from '../ocpi/binding.ts';
import type { Endpoint } from '../ocpi/endpoint.ts';
import { invalid, type Reply, success } from '../ocpi/envelope.ts';
import type { Station } from '../ocpp/station.ts';
import { decide as decideClear } from '../roles/cpo/clear-charging-profile.ts';
import { decide as decideGet } from '../roles/cpo/get-active-charging-profile.ts';
import type { Answer, Known } from '../roles/cpo/known.ts';
import { decide as decideSet } from '../roles/cpo/set-charging-profile.ts';
import { fingerprint } from '../store/seal.ts';
import { exchangeByRequest, insertExchange, type NewExchange, readExchange, type StoredExchange, supersedeOlderSets } from '../store/sql/exchange.ts';
import { type Controlled, sessionOwnedBy } from '../store/sql/session.ts';
import type { Carriage } from './carry.ts';
import type { Ground } from './ground.ts';
import type { KnownPeer } from './peers.ts';
import type { Places } from './places.ts';

/** ChargingProfileResponse, as it goes over the wire. */
export interface Response {
  result: Answer['result'];
  timeout: number;
}

/** What the desk works with. */
export interface DeskParts {
  places: Places;
  stationOf(id: StationId): Station | undefined;
  carry(carriage: Carriage): void;
  deliver(exchange: StoredExchange): void;
}

/** The operator's own requests are kept under this name. */
const OPERATOR = peerId('operator');

/** Answers what is asked about charging profiles: the answer and the work it promises are committed together (CP-06, CP-11). */
export class ProfileDesk {
  readonly #ground: Ground;
  readonly #parts: DeskParts;
  readonly #timeout: Seconds;

  constructor(ground: Ground, parts: DeskParts) {
    this.#ground = ground;
    this.#parts = parts;
    this.#timeout = seconds(ground.config.timeout);
  }

  async answer(
    request: Request<Endpoint, KnownPeer>,
    { sessionId, ask, responseUrl }: { sessionId: string; ask: Ask; responseUrl: string },
  ): Promise<Reply<Response>> {
    const { peer, headers } = request;
    const target = parseTarget(responseUrl, { allowedOrigins: peer.originSet, insecureHttp: this.#ground.config.insecure_http });
    if (!target.ok) return invalid(`response_url: ${target.problem}`);
    const bodyHash = fingerprint(`${ask.kind} ${request.url} ${request.text}`);
    const [repeated, session] = await Promise.all([
      this.#ground.store.first(exchangeByRequest(peer.id, headers.requestId)),
      this.#ground.store.first(sessionOwnedBy(fold(sessionId), peer.id)),
    ]);
    if (repeated) return this.#answerRepeat(repeated, bodyHash);
    const { answer: decided, effects } = decide(this.#knownOf(session, peer.id), ask);
    this.#note({ ask, peer: peer.id, session: sessionId, decided });
    if (!session || effects.length === 0) return this.#respond(decided);
    const exchange = this.#draft(session, { ask, side: 'carried', peer: peer.id, edition: request.edition, ...headers, bodyHash });
    return (await this.#accept(exchange, session, responseUrl))
      ? this.#respond(decided)
      : this.#answerRepeat(await this.#ground.store.first(exchangeByRequest(peer.id, headers.requestId)), bodyHash);
  }

  #respond({ result, message }: Answer): Reply<Response> {
    return { ...success({ result, timeout: this.#timeout }), ...(message !== undefined && { message }) };
  }

  /** The same request told twice is one request; another one under the same id is a mistake of the Sender (SEC-13). */
  #answerRepeat(first: StoredExchange | undefined, bodyHash: string): Reply<Response> {
    return first?.bodyHash === bodyHash
      ? this.#respond({ result: 'ACCEPTED' })
      : invalid('X-Request-ID: was used for another request, allowed is a new one for each request');
  }

  /** The same for the operator, whose own request has no callback. */
  async answerOperator(session: Controlled, ask: Ask): Promise<{ answer: Answer; exchange?: ExchangeId }> {
    const known = this.#knownOf(session, OPERATOR);
    // The operator is master in the house: a profile of another party does not bind it (CP-24, CP-26).
    const { answer: decided, effects } = decide({ ...known, controller: undefined }, ask);
    this.#note({ ask, peer: OPERATOR, session: session.key, decided });
    if (effects.length === 0) return { answer: decided };
    const requestId = this.#ground.draw();
    const exchange = this.#draft(session, { ask, side: 'own', peer: OPERATOR, edition: '2.2.1', requestId, correlationId: requestId, bodyHash: '' });
    await this.#accept(exchange, session, undefined);
    return { answer: decided, exchange: exchange.id };
  }

  #knownOf(session: Controlled | undefined, asker: Known['asker']): Known {
    const station = session && this.#parts.stationOf(session.station);
    const abilities = station?.abilities();
    return {
      session,
      station: {
        id: session?.station ?? NOWHERE,
        online: station !== undefined,
        smartCharging: abilities?.smartCharging ?? false,
        compositeSchedule: abilities?.compositeSchedule ?? true,
        units: abilities?.units ?? [],
        pending: station?.pending() ?? 0,
      },
      evse: session && this.#parts.places.byUid(session.evseUid)?.evse,
      waiting: session?.waiting ?? [],
      controller: session?.installed?.by,
      asker,
    };
  }

  #draft(session: Controlled, from: Pick<NewExchange, 'ask' | 'side' | 'peer' | 'edition' | 'requestId' | 'correlationId' | 'bodyHash'>): NewExchange {
    const now = this.#ground.clock.now();
    return {
      ...from,
      id: exchangeId(this.#ground.draw()),
      session: session.key,
      acceptedAt: now,
      deadline: later(now, this.#timeout),
      timeout: this.#timeout,
      state: 'ACCEPTED',
      station: session.station,
      profileId: session.profileId,
    };
  }

  /** P1, and what it does to older requests; false when this X-Request-ID was taken meanwhile. */
  async #accept(exchange: NewExchange, session: Controlled, responseUrl: string | undefined): Promise<boolean> {
    const insert = insertExchange(exchange, responseUrl === undefined ? {} : { sealedUrl: this.#ground.seal.seal(responseUrl) });
    const supersede = exchange.ask.kind === 'get' ? [] : [supersedeOlderSets(session.key, exchange.id, exchange.acceptedAt)];
    const [inserted, superseded] = await this.#ground.store.commit([insert, ...supersede]);
    if (inserted?.changed !== 1) return false;
    if (exchange.side === 'carried') this.#ground.metrics.accepted.inc({ kind: exchange.ask.kind });
    for (const row of superseded?.rows ?? []) this.#parts.deliver(readExchange(row));
    const { station, evseUid, transactionId, profileId } = session;
    this.#parts.carry({ exchange, station, evseUid, transactionId, profileId, installed: session.installed?.profile.unit, sends: 0 });
    return true;
  }

  #note({ ask, peer, session, decided }: { ask: Ask; peer: Known['asker']; session: string; decided: Answer }): void {
    const { result, message } = decided;
    this.#ground.metrics.answers.inc({ kind: ask.kind, result });
    this.#ground.journal.note({ step: 'answered', kind: ask.kind, ask, peer, session, result, ...(message !== undefined && { message }) });
  }
}

/** Stands for the charge point of a session that is not there. */
const NOWHERE = stationId('');

function decide(known: Known, ask: Ask): Decision<Answer> {
  switch (ask.kind) {
    case 'set':
      return decideSet(known, ask.profile);
    case 'get':
      return decideGet(known, ask.duration);
    case 'clear':
      return decideClear(known);
    default:
      return ask satisfies never;
  }
}
