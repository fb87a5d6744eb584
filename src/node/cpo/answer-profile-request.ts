import type { AcceptEffect, Decision } from '../../domain/effect.ts';
import type { Ask } from '../../domain/exchange.ts';
import { asPartyKey, type ExchangeId, fold, type PartyKey, type PeerId, peerId, type StationId, stationId } from '../../domain/ids.ts';
import { type Seconds, seconds } from '../../domain/units.ts';
import type { Request } from '../../ocpi/binding.ts';
import type { Endpoint } from '../../ocpi/endpoint.ts';
import { invalid, type Reply, success } from '../../ocpi/envelope.ts';
import type { Station } from '../../ocpp/station.ts';
import { type Answer, OPERATOR, type RequestFacts } from '../../roles/cpo/check-profile-request.ts';
import { decide as decideClear } from '../../roles/cpo/clear-charging-profile.ts';
import { decide as decideGet } from '../../roles/cpo/get-active-charging-profile.ts';
import { decide as decideSet } from '../../roles/cpo/set-charging-profile.ts';
import { exchangeByRequest, insertExchange, type NewExchange, readExchange, type StoredExchange, supersedeOlderSets } from '../../store/sql/exchange.ts';
import { type Input, inputsOf, inputsOfId } from '../../store/sql/input.ts';
import { type SessionAccess, sessionAccess } from '../../store/sql/session-rights.ts';
import type { Row, Write } from '../../store/store.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { draftExchange, fieldsOfRequest } from '../exchanges/draft-exchange.ts';
import { bodyHashOf, checkResponseUrl, type ProfileRequest, type ProfileResponse, requestIdReused } from '../exchanges/profile-request.ts';
import { noteForeignSession, requestingPartyOf } from '../peers/requesting-party.ts';
import type { Agreements } from '../rights/agreements.ts';
import type { RateLimits } from '../rights/rate-limits.ts';
import type { Dispatch } from './station-request.ts';

/** What answering requests needs from other parts of the node. */
export interface ProfileRequestDependencies {
  evses: EvseDirectory;
  rateLimits: RateLimits;
  sharing: Agreements['sharing'];
  isHalted(party: PartyKey): boolean;
  stationOf(id: StationId): Station | undefined;
  /** Brings an accepted request to its charge point. */
  dispatch(exchange: Dispatch): void;
  /** Posts a result to the response_url. */
  deliver(exchange: StoredExchange): void;
}

/** What the effects of an accepted request need beside the exchange; the operator's own requests have no response_url. */
interface Accepted {
  session: SessionAccess;
  inputs: readonly Input[];
  responseUrl: string | undefined;
}

/** The peer of exchanges that the operator requests. */
const OPERATORS_PEER = peerId('operator');
/** Stands for the party of a peer that has no party with the right role. */
const NO_PARTY = asPartyKey('');

/** Answers requests about charging profiles: an ACCEPTED is answered after the exchange is committed, never before (CP-06, CP-11). */
export class ProfileRequests {
  readonly #context: Context;
  readonly #dependencies: ProfileRequestDependencies;
  readonly #timeout: Seconds;

  constructor(context: Context, dependencies: ProfileRequestDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    this.#timeout = seconds(context.config.timeout);
  }

  /** Answers a request of a peer. */
  async answer(request: Request<Endpoint, KnownPeer>, { sessionId, ask, responseUrl }: ProfileRequest): Promise<Reply<ProfileResponse>> {
    const { peer, headers } = request;
    const refusedUrl = checkResponseUrl(this.#context, peer, responseUrl);
    if (refusedUrl) return refusedUrl;
    const requesting = await requestingPartyOf(this.#context, { peer, from: headers.from, sessionId });
    if (!requesting.ok) return invalid(requesting.problem);
    const party = requesting.value;
    const bodyHash = bodyHashOf(request, ask);
    const [repeated, session, inputs] = await this.#read({ peer, requestId: headers.requestId, foldedId: fold(sessionId), party });
    if (repeated) return this.#answerRepeat(repeated, bodyHash);
    const limited = session && party && { party, session: session.key, station: session.station, profile: ask.kind === 'set' ? ask.profile : undefined };
    const tooOften = limited && this.#dependencies.rateLimits.refusal(limited);
    const { answer: decided, effects } = decide({ ...this.#knownOf(session, inputs, party ?? NO_PARTY), tooOften }, ask);
    this.#note({ ask, peer: peer.id, session: sessionId, decided });
    if (!session || !limited || effects.length === 0) return this.#refuse(decided, { peer, party, sessionId, session });
    this.#dependencies.rateLimits.countAccepted(limited);
    const exchange = this.#draft(session, { ...fieldsOfRequest(request), ask, side: 'carried', party: limited.party, bodyHash });
    return (await this.#run(effects, exchange, { session, inputs, responseUrl }))
      ? this.#respond(decided)
      : this.#answerRepeat(await this.#context.store.first(exchangeByRequest(peer.id, headers.requestId)), bodyHash);
  }

  #draft(
    { key: session, station, profileId }: SessionAccess,
    fields: Pick<NewExchange, 'ask' | 'side' | 'peer' | 'party' | 'edition' | 'requestId' | 'correlationId' | 'bodyHash'>,
  ): NewExchange {
    return draftExchange(this.#context, { ...fields, session, station, profileId, timeout: this.#timeout, state: 'ACCEPTED' });
  }

  #read({ peer, requestId, foldedId, party }: { peer: KnownPeer; requestId: string; foldedId: string; party: PartyKey | undefined }) {
    const { store, clock } = this.#context;
    return Promise.all([
      store.first(exchangeByRequest(peer.id, requestId)),
      party === undefined ? undefined : store.first(sessionAccess(foldedId, party, clock.now())),
      store.all(inputsOfId(foldedId)),
    ]);
  }

  #respond({ result, message }: Answer): Reply<ProfileResponse> {
    return { ...success({ result, timeout: this.#timeout }), ...(message !== undefined && { message }) };
  }

  /** Refuses. A session of somebody else gets the same answer as one that does not exist; the attempt is recorded. */
  #refuse(
    decided: Answer,
    request: { peer: KnownPeer; party: PartyKey | undefined; sessionId: string; session: SessionAccess | undefined },
  ): Reply<ProfileResponse> {
    const { peer, party, sessionId, session } = request;
    const by = { peer: peer.id, ...(party && { party }) };
    if (session?.mayControl === false)
      this.#context.security.note({ kind: 'no-contract', ...by, says: `${party} asked to control a session that it may only see` });
    if (!session) noteForeignSession(this.#context, { peer, party }, sessionId);
    return this.#respond(decided);
  }

  /** A repeat of a request is accepted again and starts nothing; another request with the same X-Request-ID is an error of the sender (SEC-13). */
  #answerRepeat(first: StoredExchange | undefined, bodyHash: string): Reply<ProfileResponse> {
    return first?.bodyHash === bodyHash ? this.#respond({ result: 'ACCEPTED' }) : requestIdReused;
  }

  /** Answers a request of the operator, which has no response_url. */
  answerOperator(session: SessionAccess, ask: Ask): Promise<{ answer: Answer; exchange?: ExchangeId }> {
    return this.#answerOwn(session, ask, OPERATOR);
  }

  /** Withdraws the profile of a party that may no longer steer this session; the profiles of other parties stay. */
  withdraw(session: SessionAccess, party: PartyKey): Promise<{ answer: Answer; exchange?: ExchangeId }> {
    return this.#answerOwn(session, { kind: 'clear' }, party);
  }

  /** The operator may do anything at its own charge points: profiles of other parties do not limit it (CP-24, CP-26). */
  async #answerOwn(session: SessionAccess, ask: Ask, party: PartyKey): Promise<{ answer: Answer; exchange?: ExchangeId }> {
    const inputs = await this.#context.store.all(inputsOf(session.key));
    const known = this.#knownOf({ ...session, mayControl: true, waiting: party === OPERATOR ? session.waiting : [] }, [], party);
    const { answer: decided, effects } = decide({ ...known, halted: false }, ask);
    this.#note({ ask, peer: OPERATORS_PEER, session: session.key, decided });
    if (effects.length === 0) return { answer: decided };
    const requestId = this.#context.newId();
    const from = { ask, side: 'own', peer: OPERATORS_PEER, party, edition: '2.2.1', requestId, correlationId: requestId, bodyHash: '' } as const;
    const exchange = this.#draft(session, from);
    await this.#run(effects, exchange, { session, inputs, responseUrl: undefined });
    return { answer: decided, exchange: exchange.id };
  }

  #knownOf(session: SessionAccess | undefined, inputs: readonly Input[], party: PartyKey): RequestFacts {
    const station = session && this.#dependencies.stationOf(session.station);
    const abilities = station?.abilities();
    const otherBeingSet = session?.otherPartySending;
    return {
      session,
      station: {
        id: session?.station ?? NO_STATION,
        online: station !== undefined,
        smartCharging: abilities?.smartCharging ?? false,
        units: abilities?.units ?? [],
        pending: station?.pending() ?? 0,
      },
      evse: session && this.#dependencies.evses.byUid(session.evseUid)?.evse,
      waiting: session?.waiting ?? [],
      inputs: [
        ...inputs.map(({ by, profile }) => ({ by, unit: profile.unit })),
        ...(otherBeingSet === undefined || otherBeingSet === party ? [] : [{ by: otherBeingSet }]),
      ],
      asker: party,
      sharingWith: (other) => this.#dependencies.sharing(party, other),
      halted: this.#dependencies.isHalted(party),
      tooOften: undefined,
    };
  }

  /** Commits the effects of an accepted request and acts on them. False when another request has used this X-Request-ID meanwhile. */
  async #run(effects: readonly AcceptEffect[], exchange: NewExchange, accepted: Accepted): Promise<boolean> {
    const written = await this.#context.store.commit(effects.map((effect) => this.#writeFor(effect, exchange, accepted)));
    if (written.some(({ changed }, n) => effects[n]?.do === 'dispatch' && changed !== 1)) return false;
    if (exchange.side === 'carried') this.#context.metrics.accepted.inc({ kind: exchange.ask.kind });
    for (const [n, effect] of effects.entries()) this.#act(effect, written[n]?.rows ?? [], { exchange, ...accepted });
    return true;
  }

  #writeFor(effect: AcceptEffect, exchange: NewExchange, { session, inputs, responseUrl }: Accepted): Write {
    switch (effect.do) {
      case 'dispatch':
        return insertExchange(exchange, responseUrl === undefined ? {} : { encryptedUrl: this.#context.encryption.encrypt(responseUrl) });
      case 'supersede': {
        const shares = exchange.party !== OPERATOR && this.#shares(exchange.party, { session, inputs });
        return supersedeOlderSets(effect.session, exchange.id, { at: exchange.acceptedAt, shares });
      }
      default:
        return effect satisfies never;
    }
  }

  #act(effect: AcceptEffect, rows: readonly Row[], { exchange, session, inputs }: Accepted & { exchange: NewExchange }): void {
    switch (effect.do) {
      case 'dispatch': {
        const { evseUid, transactionId } = session;
        const { station, profileId } = effect;
        this.#dependencies.dispatch({ exchange, station, evseUid, transactionId, profileId, inputs, others: [], sends: 0 });
        return;
      }
      case 'supersede':
        for (const row of rows) this.#dependencies.deliver(readExchange(row));
        return;
      default:
        effect satisfies never;
    }
  }

  /** Whether profiles of other parties stay when this party sets one. */
  #shares(party: PartyKey, { session, inputs }: { session: SessionAccess; inputs: readonly Input[] }): boolean {
    const others = [...inputs.map(({ by }) => by), ...(session.otherPartySending === undefined ? [] : [session.otherPartySending])].filter(
      (it) => it !== party,
    );
    return others.some((it) => this.#dependencies.sharing(party, it) === 'strictest');
  }

  #note({ ask, peer, session, decided }: { ask: Ask; peer: PeerId; session: string; decided: Answer }): void {
    const { result, message } = decided;
    this.#context.metrics.answers.inc({ kind: ask.kind, result });
    this.#context.journal.note({ step: 'request-answered', kind: ask.kind, ask, peer, session, result, ...(message !== undefined && { message }) });
  }
}

/** Stands for the charge point of a session that does not exist. */
const NO_STATION = stationId('');

function decide(known: RequestFacts, ask: Ask): Decision<Answer, AcceptEffect> {
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
