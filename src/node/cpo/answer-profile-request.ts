import type { AcceptEffect, Decision } from '../../domain/effect.ts';
import type { Ask } from '../../domain/exchange.ts';
import { asPartyKey, asSessionKey, type ExchangeId, fold, type PartyKey, type PeerId, peerId, type StationId, stationId } from '../../domain/ids.ts';
import { type Seconds, seconds } from '../../domain/units.ts';
import type { Request } from '../../ocpi/binding.ts';
import type { Endpoint } from '../../ocpi/endpoint.ts';
import { invalid, type Reply, success } from '../../ocpi/envelope.ts';
import type { Station } from '../../ocpp/station.ts';
import { type Answer, OPERATOR, type RequestFacts } from '../../roles/cpo/check-profile-request.ts';
import { decide as decideClear } from '../../roles/cpo/clear-charging-profile.ts';
import { decide as decideGet } from '../../roles/cpo/get-active-charging-profile.ts';
import { decide as decideSet } from '../../roles/cpo/set-charging-profile.ts';
import { exchangeByRequest, type NewExchange } from '../../store/sql/exchange.ts';
import { ownCondition, stationCondition } from '../../store/sql/exchange-conditions.ts';
import { accessWithInputs, type Input, inputsOf } from '../../store/sql/input.ts';
import { operatorAccess, type SessionAccess } from '../../store/sql/session-rights.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { draftExchange, fieldsOfRequest } from '../exchanges/draft-exchange.ts';
import { bodyHashOf, checkResponseUrl, type ProfileRequest, type ProfileResponse, requestIdReused } from '../exchanges/profile-request.ts';
import type { RefusedRequest, RefusedRequests } from '../exchanges/refused-requests.ts';
import { requestingPartyOf, withForeignSessionNoted } from '../peers/requesting-party.ts';
import type { Agreements } from '../rights/agreements.ts';
import type { RateLimits } from '../rights/rate-limits.ts';
import { type AcceptListeners, commitAccepted } from './accept-request.ts';
import { keepsOthers } from './station-request.ts';

/** What answering requests needs from other parts of the node. */
export interface ProfileRequestDependencies extends AcceptListeners {
  evses: EvseDirectory;
  rateLimits: RateLimits;
  agreements: Agreements;
  refusals: Pick<RefusedRequests, 'note'>;
  stationOf(id: StationId): Station | undefined;
}

/** A request of a peer, with the party that makes it; undefined: the peer has no party with the right role. */
interface Asked extends ProfileRequest {
  request: Request<Endpoint, KnownPeer>;
  party: PartyKey | undefined;
  bodyHash: string;
}

/** An answer as journal and metrics note it. `refused`: how the request is kept when it is not accepted. */
interface NotedAnswer {
  ask: Ask;
  peer: PeerId;
  session: string;
  decided: Answer;
  refused: Omit<RefusedRequest, 'answer'>;
}

/** The answer to a request of the node itself, and the exchange when it is ACCEPTED. */
interface OwnAnswer {
  answer: Answer;
  exchange?: ExchangeId;
}

/** The party that the node acts for at its own charge point; `author`: the id of the user or API key that requests it for the operator. */
interface OwnRequester {
  party: PartyKey;
  author?: string;
}

/** The peer of exchanges that the operator requests. */
const OPERATORS_PEER = peerId('operator');
/** Stands for the party of a peer that has no party with the right role. */
const NO_PARTY = asPartyKey('');
/** The facts changed twice while one request was decided; the sender may try again. */
const OVERTAKEN: Answer = { result: 'TOO_OFTEN', message: 'other requests of this session are being decided: send it again' };

/** A set beside the profiles of others is merged with them, so it waits until they are known. */
const BEING_SET: Answer = { result: 'TOO_OFTEN', message: 'a profile of another party is being sent to the charge point: send it again, in 5 s' };

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

  /** Answers a request of a peer. What was decided is committed only if it still holds then; else the request is decided once more (docs/guards.md). */
  async answer(request: Request<Endpoint, KnownPeer>, asked: ProfileRequest): Promise<Reply<ProfileResponse>> {
    const { peer, headers } = request;
    const refusedUrl = checkResponseUrl(this.#context, peer, asked.responseUrl);
    if (refusedUrl) return refusedUrl;
    const requesting = await requestingPartyOf(this.#context, { peer, from: headers.from, sessionId: asked.sessionId });
    if (!requesting.ok) return invalid(requesting.problem);
    const it: Asked = { ...asked, request, party: requesting.value, bodyHash: bodyHashOf(request, asked.ask) };
    return (await this.#decide(it)) ?? (await this.#decideAgain(it)) ?? this.#answered(OVERTAKEN, this.#notedOf(it, undefined));
  }

  /** The halts of parties are kept in memory: they are read again, too. */
  async #decideAgain(it: Asked): Promise<Reply<ProfileResponse> | undefined> {
    await this.#dependencies.agreements.refresh();
    return this.#decide(it);
  }

  /**
   * Decides from the facts in the store, and commits. Undefined: they changed before the commit, and nothing was committed. Only the commit
   * knows all repeats, so the request is looked for as a repeat when it is not accepted.
   */
  async #decide(it: Asked): Promise<Reply<ProfileResponse> | undefined> {
    const { request, ask, party, sessionId, bodyHash, responseUrl } = it;
    const { peer } = request;
    const { session, inputs } = await this.#read(fold(sessionId), party);
    const limited = session && party && { party, session: session.key, station: session.station, profile: ask.kind === 'set' ? ask.profile : undefined };
    const { rateLimits, agreements } = this.#dependencies;
    const tooOften = limited && rateLimits.refusal(limited);
    const { answer: decided, effects } = decide({ ...this.#knownOf(session, inputs, party ?? NO_PARTY), tooOften }, ask);
    const noted = this.#notedOf(it, session);
    const repeated = effects.length === 0 || !limited ? await this.#answerToRepeat(it) : undefined;
    if (repeated) return repeated;
    if (!session || !limited) {
      const reply = this.#answered(decided, noted);
      return session ? reply : withForeignSessionNoted(this.#context, { reply, peer, party, sessionId });
    }
    if (effects.length === 0) {
      this.#noteMissingRight(session, peer, limited.party);
      return this.#answered(decided, noted);
    }
    rateLimits.countAccepted(limited);
    const exchange = this.#draft(session, { ...fieldsOfRequest(request), ask, side: 'carried', party: limited.party, bodyHash });
    const condition = stationCondition(ask.kind, agreements.partnersOf(limited.party));
    const keep = agreements.partnersOf(limited.party, 'strictest');
    const start = await commitAccepted(this.#context, { effects, exchange, session, inputs, responseUrl, condition, keep }, this.#dependencies);
    if (!start) {
      rateLimits.giveBack(limited);
      return this.#answerToRepeat(it);
    }
    const reply = this.#answered(decided, noted);
    start();
    return reply;
  }

  /** How the answer to a request is noted. The id of a session that this party may not see is kept as it was sent. */
  #notedOf({ request, ask, party = NO_PARTY, sessionId, bodyHash }: Asked, session: SessionAccess | undefined): Omit<NotedAnswer, 'decided'> {
    const about = { session: session?.key ?? asSessionKey(fold(sessionId)), station: session?.station };
    const refused = { ...fieldsOfRequest(request), ask, side: 'carried', party, bodyHash, timeout: this.#timeout, ...about } as const;
    return { ask, peer: request.peer.id, session: sessionId, refused };
  }

  #draft(
    { key: session, station, profileId }: SessionAccess,
    fields: Pick<NewExchange, 'ask' | 'side' | 'peer' | 'party' | 'edition' | 'requestId' | 'correlationId' | 'bodyHash' | 'author'>,
  ): NewExchange {
    return draftExchange(this.#context, { ...fields, session, station, profileId, timeout: this.#timeout, state: 'ACCEPTED' });
  }

  async #read(foldedId: string, party: PartyKey | undefined): Promise<{ session: SessionAccess | undefined; inputs: readonly Input[] }> {
    const { store, clock } = this.#context;
    const rows = party === undefined ? [] : await store.all(accessWithInputs(foldedId, party, clock.now()));
    return { session: rows[0]?.access, inputs: rows.flatMap(({ input }) => input ?? []) };
  }

  #respond({ result, message }: Answer): Reply<ProfileResponse> {
    return { ...success({ result, timeout: this.#timeout }), ...(message !== undefined && { message }) };
  }

  /** The reply for an answer, noted in journal and metrics. */
  #answered(answer: Answer, noted: Omit<NotedAnswer, 'decided'>): Reply<ProfileResponse> {
    this.#note({ ...noted, decided: answer });
    return this.#respond(answer);
  }

  #noteMissingRight({ mayControl }: SessionAccess, peer: KnownPeer, party: PartyKey): void {
    if (mayControl) return;
    this.#context.security.note({ kind: 'no-contract', peer: peer.id, party, says: `${party} asked to control a session that it may only see` });
  }

  /**
   * A repeat of a request is accepted again and starts nothing; another request with the same X-Request-ID is an error of the sender (SEC-13).
   * Undefined: the peer has not used this X-Request-ID before.
   */
  async #answerToRepeat({ request: { peer, headers }, bodyHash }: Asked): Promise<Reply<ProfileResponse> | undefined> {
    const first = await this.#context.store.first(exchangeByRequest(peer.id, headers.requestId));
    if (!first) return undefined;
    return first.bodyHash === bodyHash ? this.#respond({ result: 'ACCEPTED' }) : requestIdReused;
  }

  /** Answers a request of the operator, which has no response_url. `author`: the id of the user or API key. */
  answerOperator(session: SessionAccess, ask: Ask, author?: string): Promise<OwnAnswer> {
    return this.#answerOwn(session, ask, { party: OPERATOR, ...(author !== undefined && { author }) });
  }

  /** Withdraws the profile of a party that may no longer steer this session; the profiles of other parties stay. */
  withdraw(session: SessionAccess, party: PartyKey): Promise<OwnAnswer> {
    return this.#answerOwn(session, { kind: 'clear' }, { party });
  }

  async #answerOwn(session: SessionAccess, ask: Ask, by: OwnRequester): Promise<OwnAnswer> {
    const again = async () => this.#decideOwn(await this.#context.store.first(operatorAccess(session.key)), ask, by);
    const { answer, exchange } = (await this.#decideOwn(session, ask, by)) ?? (await again()) ?? { answer: OVERTAKEN };
    if (exchange === undefined) this.#note({ ...this.#ownNoted(session, ask, by), decided: answer });
    return { answer, ...(exchange !== undefined && { exchange }) };
  }

  /** The operator may do anything at its own charge points: profiles of other parties do not limit it (CP-24, CP-26). Undefined as in `#decide`. */
  async #decideOwn(session: SessionAccess | undefined, ask: Ask, by: OwnRequester): Promise<OwnAnswer | undefined> {
    if (!session) return { answer: { result: 'UNKNOWN_SESSION' } };
    const { party } = by;
    const inputs = await this.#context.store.all(inputsOf(session.key));
    const beside = keepsOthers(ask);
    if (beside && session.otherPartySending !== undefined) return { answer: BEING_SET };
    const known = this.#knownOf({ ...session, mayControl: true, waiting: party === OPERATOR ? session.waiting : [] }, beside ? inputs : [], party);
    const decided = decide({ ...known, halted: false, ...(beside && { sharingWith: () => 'strictest' as const }) }, ask);
    const { answer } = decided;
    // What stands beside the profiles of others does not supersede theirs.
    const effects = beside ? decided.effects.filter((it) => it.do !== 'supersede') : decided.effects;
    if (effects.length === 0) return { answer };
    const noted = this.#ownNoted(session, ask, by);
    const exchange = this.#draft(session, noted.refused);
    const condition = ownCondition(ask.kind, party !== OPERATOR ? 'withdrawal' : beside ? 'keeps-others' : 'operator');
    const keep = this.#dependencies.agreements.partnersOf(party, 'strictest');
    const start = await commitAccepted(this.#context, { effects, exchange, session, inputs, responseUrl: undefined, condition, keep }, this.#dependencies);
    if (!start) return undefined;
    this.#note({ ...noted, decided: answer });
    start();
    return { answer, exchange: exchange.id };
  }

  #ownNoted({ key: session, station }: SessionAccess, ask: Ask, by: OwnRequester): Omit<NotedAnswer, 'decided'> {
    const requestId = this.#context.newId();
    const from = { side: 'own', peer: OPERATORS_PEER, ...by, edition: '2.2.1', requestId, correlationId: requestId, bodyHash: '' } as const;
    return { ask, peer: OPERATORS_PEER, session, refused: { ...from, ask, session, station, timeout: this.#timeout } };
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
        ...inputs.map(({ by, profile, keepsOthers: stands }) => ({ by, unit: profile.unit, ...(stands && { keepsOthers: stands }) })),
        ...(otherBeingSet === undefined || otherBeingSet === party ? [] : [{ by: otherBeingSet }]),
      ],
      asker: party,
      sharingWith: (other) => this.#dependencies.agreements.sharing(party, other),
      halted: this.#dependencies.agreements.isHalted(party),
      tooOften: undefined,
    };
  }

  #note({ ask, peer, session, decided, refused }: NotedAnswer): void {
    const { result, message } = decided;
    if (result !== 'ACCEPTED') this.#dependencies.refusals.note({ ...refused, answer: decided });
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
