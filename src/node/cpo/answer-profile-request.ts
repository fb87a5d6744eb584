import { parseTarget } from '../../delivery/guard/origin.ts';
import type { Decision } from '../../domain/effect.ts';
import type { Ask } from '../../domain/exchange.ts';
import { type ExchangeId, exchangeId, fold, knownParty, type PartyKey, type PeerId, peerId, type StationId, stationId } from '../../domain/ids.ts';
import { later, type Seconds, seconds } from '../../domain/units.ts';
import type { Request } from '../../ocpi/binding.ts';
import type { Endpoint } from '../../ocpi/endpoint.ts';
import { invalid, type Reply, success } from '../../ocpi/envelope.ts';
import type { Station } from '../../ocpp/station.ts';
import { decide as decideClear } from '../../roles/cpo/clear-charging-profile.ts';
import { decide as decideGet } from '../../roles/cpo/get-active-charging-profile.ts';
import { type Answer, type Known, OPERATOR } from '../../roles/cpo/known.ts';
import { decide as decideSet } from '../../roles/cpo/set-charging-profile.ts';
import { fingerprint } from '../../store/encryption.ts';
import { type SessionAccess, sessionSeenBy } from '../../store/sql/access.ts';
import { exchangeByRequest, insertExchange, type NewExchange, readExchange, type StoredExchange, supersedeOlderSets } from '../../store/sql/exchange.ts';
import { type Input, inputsOf, inputsOfId } from '../../store/sql/input.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import type { ProfileRequest, ProfileResponse } from '../exchanges/profile-request.ts';
import { noteForeignSession } from '../peers/note-foreign-session.ts';
import { requestingPartyOf } from '../peers/requesting-party.ts';
import type { Agreements } from '../rights/agreements.ts';
import type { RateLimits } from '../rights/rate-limits.ts';
import type { Dispatch } from './station-request.ts';

/** What the desk works with. */
export interface ProfileRequestDependencies {
  evses: EvseDirectory;
  rateLimits: RateLimits;
  sharing: Agreements['sharing'];
  isHalted(party: PartyKey): boolean;
  stationOf(id: StationId): Station | undefined;
  dispatch(carriage: Dispatch): void;
  deliver(exchange: StoredExchange): void;
}

/** Where the operator's own requests are kept. */
const OPERATORS_PEER = peerId('operator');
/** A platform without any party that may ask. */
const NOBODY = knownParty('');

/** Answers what is asked about charging profiles: the answer and the work it promises are committed together (CP-06, CP-11). */
export class ProfileRequests {
  readonly #context: Context;
  readonly #parts: ProfileRequestDependencies;
  readonly #timeout: Seconds;

  constructor(context: Context, parts: ProfileRequestDependencies) {
    this.#context = context;
    this.#parts = parts;
    this.#timeout = seconds(context.config.timeout);
  }

  async answer(request: Request<Endpoint, KnownPeer>, { sessionId, ask, responseUrl }: ProfileRequest): Promise<Reply<ProfileResponse>> {
    const { peer, headers } = request;
    const target = parseTarget(responseUrl, { allowedOrigins: peer.originSet, insecureHttp: this.#context.config.insecure_http });
    if (!target.ok) return invalid(`response_url: ${target.problem}`);
    const asker = await requestingPartyOf(this.#context, { peer, from: headers.from, sessionId });
    if (!asker.ok) return invalid(asker.problem);
    const party = asker.value;
    const bodyHash = fingerprint(`${ask.kind} ${request.url} ${request.text}`);
    const [repeated, session, inputs] = await this.#read({ peer, requestId: headers.requestId, foldedId: fold(sessionId), party });
    if (repeated) return this.#answerRepeat(repeated, bodyHash);
    const attempt = session && party && { party, session: session.key, station: session.station, profile: ask.kind === 'set' ? ask.profile : undefined };
    const tooOften = attempt && this.#parts.rateLimits.refusal(attempt);
    const { answer: decided, effects } = decide({ ...this.#knownOf(session, inputs, party ?? NOBODY), tooOften }, ask);
    this.#note({ ask, peer: peer.id, session: sessionId, decided });
    if (!session || !attempt || effects.length === 0) return this.#refuse(decided, { peer, party, sessionId, session });
    this.#parts.rateLimits.take(attempt);
    const exchange = this.#draft(session, { ask, side: 'carried', peer: peer.id, party: attempt.party, edition: request.edition, ...headers, bodyHash });
    return (await this.#accept(exchange, { session, inputs, responseUrl }))
      ? this.#respond(decided)
      : this.#answerRepeat(await this.#context.store.first(exchangeByRequest(peer.id, headers.requestId)), bodyHash);
  }

  #read({ peer, requestId, foldedId, party }: { peer: KnownPeer; requestId: string; foldedId: string; party: PartyKey | undefined }) {
    const { store, clock } = this.#context;
    return Promise.all([
      store.first(exchangeByRequest(peer.id, requestId)),
      party === undefined ? undefined : store.first(sessionSeenBy(foldedId, party, clock.now())),
      store.all(inputsOfId(foldedId)),
    ]);
  }

  #respond({ result, message }: Answer): Reply<ProfileResponse> {
    return { ...success({ result, timeout: this.#timeout }), ...(message !== undefined && { message }) };
  }

  /** Says No; to whoever names a session that is none of theirs, in the words for one that does not exist, and leaves a trace of it. */
  #refuse(
    decided: Answer,
    asked: { peer: KnownPeer; party: PartyKey | undefined; sessionId: string; session: SessionAccess | undefined },
  ): Reply<ProfileResponse> {
    const { peer, party, sessionId, session } = asked;
    const by = { peer: peer.id, ...(party && { party }) };
    if (session?.mayControl === false)
      this.#context.security.note({ kind: 'no-contract', ...by, says: `${party} asked to control a session that it may only see` });
    if (!session) noteForeignSession(this.#context, { peer, party }, sessionId);
    return this.#respond(decided);
  }

  /** The same request told twice is one request; another one under the same id is a mistake of the Sender (SEC-13). */
  #answerRepeat(first: StoredExchange | undefined, bodyHash: string): Reply<ProfileResponse> {
    return first?.bodyHash === bodyHash
      ? this.#respond({ result: 'ACCEPTED' })
      : invalid('X-Request-ID: was used for another request, allowed is a new one for each request');
  }

  /** The same for the operator, whose own request has no callback. */
  answerOperator(session: SessionAccess, ask: Ask): Promise<{ answer: Answer; exchange?: ExchangeId }> {
    return this.#answerOwn(session, ask, OPERATOR);
  }

  /** Takes back what a party has set, which may not steer this session any more; the profiles of others stay. */
  withdraw(session: SessionAccess, party: PartyKey): Promise<{ answer: Answer; exchange?: ExchangeId }> {
    return this.#answerOwn(session, { kind: 'clear' }, party);
  }

  /** The operator is master in the house: a profile of another party does not bind it (CP-24, CP-26). */
  async #answerOwn(session: SessionAccess, ask: Ask, party: PartyKey): Promise<{ answer: Answer; exchange?: ExchangeId }> {
    const inputs = await this.#context.store.all(inputsOf(session.key));
    const known = this.#knownOf({ ...session, mayControl: true, waiting: party === OPERATOR ? session.waiting : [] }, [], party);
    const { answer: decided, effects } = decide({ ...known, halted: false }, ask);
    this.#note({ ask, peer: OPERATORS_PEER, session: session.key, decided });
    if (effects.length === 0) return { answer: decided };
    const requestId = this.#context.newId();
    const from = { ask, side: 'own', peer: OPERATORS_PEER, party, edition: '2.2.1', requestId, correlationId: requestId, bodyHash: '' } as const;
    const exchange = this.#draft(session, from);
    await this.#accept(exchange, { session, inputs, responseUrl: undefined });
    return { answer: decided, exchange: exchange.id };
  }

  #knownOf(session: SessionAccess | undefined, inputs: readonly Input[], asker: PartyKey): Known {
    const station = session && this.#parts.stationOf(session.station);
    const abilities = station?.abilities();
    const onTheWay = session?.otherOnTheWay;
    return {
      session,
      station: {
        id: session?.station ?? NOWHERE,
        online: station !== undefined,
        smartCharging: abilities?.smartCharging ?? false,
        units: abilities?.units ?? [],
        pending: station?.pending() ?? 0,
      },
      evse: session && this.#parts.evses.byUid(session.evseUid)?.evse,
      waiting: session?.waiting ?? [],
      inputs: [...inputs.map(({ by, profile }) => ({ by, unit: profile.unit })), ...(onTheWay === undefined || onTheWay === asker ? [] : [{ by: onTheWay }])],
      asker,
      sharingWith: (other) => this.#parts.sharing(asker, other),
      halted: this.#parts.isHalted(asker),
      tooOften: undefined,
    };
  }

  #draft(
    session: SessionAccess,
    from: Pick<NewExchange, 'ask' | 'side' | 'peer' | 'party' | 'edition' | 'requestId' | 'correlationId' | 'bodyHash'>,
  ): NewExchange {
    const now = this.#context.clock.now();
    return {
      ...from,
      id: exchangeId(this.#context.newId()),
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
  async #accept(exchange: NewExchange, more: { session: SessionAccess; inputs: readonly Input[]; responseUrl: string | undefined }): Promise<boolean> {
    const { session, inputs, responseUrl } = more;
    const insert = insertExchange(exchange, responseUrl === undefined ? {} : { encryptedUrl: this.#context.encryption.encrypt(responseUrl) });
    const shares = exchange.party !== OPERATOR && this.#shares(exchange.party, { session, inputs });
    const supersede = exchange.ask.kind === 'get' ? [] : [supersedeOlderSets(session.key, exchange.id, { at: exchange.acceptedAt, shares })];
    const [inserted, superseded] = await this.#context.store.commit([insert, ...supersede]);
    if (inserted?.changed !== 1) return false;
    if (exchange.side === 'carried') this.#context.metrics.accepted.inc({ kind: exchange.ask.kind });
    for (const row of superseded?.rows ?? []) this.#parts.deliver(readExchange(row));
    const { station, evseUid, transactionId, profileId } = session;
    this.#parts.dispatch({ exchange, station, evseUid, transactionId, profileId, inputs, others: [], sends: 0 });
    return true;
  }

  /** Profiles of other parties stay beside this one. */
  #shares(party: PartyKey, { session, inputs }: { session: SessionAccess; inputs: readonly Input[] }): boolean {
    const others = [...inputs.map(({ by }) => by), ...(session.otherOnTheWay === undefined ? [] : [session.otherOnTheWay])].filter((it) => it !== party);
    return others.some((it) => this.#parts.sharing(party, it) === 'strictest');
  }

  #note({ ask, peer, session, decided }: { ask: Ask; peer: PeerId; session: string; decided: Answer }): void {
    const { result, message } = decided;
    this.#context.metrics.answers.inc({ kind: ask.kind, result });
    this.#context.journal.note({ step: 'answered', kind: ask.kind, ask, peer, session, result, ...(message !== undefined && { message }) });
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
