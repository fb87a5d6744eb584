import type { Right } from '../../domain/contract.ts';
import type { Ask } from '../../domain/exchange.ts';
import { type ExchangeId, type PartyKey, partyName, partyOfSession } from '../../domain/ids.ts';
import { epochSeconds, seconds } from '../../domain/units.ts';
import type { Request } from '../../ocpi/binding.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import type { Endpoint } from '../../ocpi/endpoint.ts';
import { type Reply, refused, success } from '../../ocpi/envelope.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { isStatusCode } from '../../ocpi/status.ts';
import { type ForwardedAnswer, forwardAnswer, ocpiCodeOf, type UpstreamAnswer } from '../../roles/emsp/forward-answer.ts';
import { hideDriver, pseudonymiseText, withoutDriver } from '../../roles/emsp/pseudonymise-text.ts';
import { type Refusal, refusal } from '../../roles/emsp/relay-request.ts';
import { partyRightOnSession } from '../../store/sql/contract.ts';
import { exchangeByRequest, insertExchange, type NewExchange, type StoredExchange } from '../../store/sql/exchange.ts';
import { relayCondition } from '../../store/sql/exchange-conditions.ts';
import { type Input, inputsOf } from '../../store/sql/input.ts';
import { openSetsAtCpo, ownProfileIsSet } from '../../store/sql/previous-requests.ts';
import { relayedById } from '../../store/sql/relayed.ts';
import { type StoredSession, sessionByKey } from '../../store/sql/session.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import { commitAnswer } from '../exchanges/await-result.ts';
import { draftExchange, fieldsOfRequest } from '../exchanges/draft-exchange.ts';
import { bodyHashOf, checkResponseUrl, type ProfileRequest, type ProfileResponse, requestIdReused } from '../exchanges/profile-request.ts';
import type { RefusedRequests } from '../exchanges/refused-requests.ts';
import { OWNING_ROLES, offlineParty } from '../peers/party-connection.ts';
import { clientFor, FORWARD_MS } from '../peers/peer-client.ts';
import { requestingPartiesOf } from '../peers/requesting-party.ts';
import { newResponseUrl, type WireAsk } from '../remote/peer-request.ts';
import type { Agreements } from '../rights/agreements.ts';
import type { LimitedRequest, RateLimits } from '../rights/rate-limits.ts';
import { relayedId } from '../rights/session-readers.ts';
import { forwardRequest, requestToForward } from './forward-request.ts';

/** A session of our customer at a CPO, as one SCSP may use it. */
export interface RelayedSession {
  session: StoredSession<WireSession, undefined>;
  party: PartyKey;
  may: readonly Right[];
}

/** A request of an SCSP, with what it asks in the form in which it was received. */
export interface RelayedRequest extends ProfileRequest {
  wire: WireAsk;
}

/** What a relay needs from other parts of the node. */
export interface RelayDependencies extends Agreements {
  rateLimits: RateLimits;
  refusals: RefusedRequests;
  /** The immediate answer is stored; a result may follow. */
  answerRecorded(exchange: StoredExchange): void;
}

/** The facts changed twice while one request was decided; the sender may try again. */
const OVERTAKEN: Refusal = { result: 'TOO_OFTEN', message: 'other requests of this session are being decided: send it again' };

/** One request of an SCSP on its way to the CPO. */
interface Forwarding {
  request: Request<Endpoint, KnownPeer>;
  relayed: RelayedSession;
  profileRequest: RelayedRequest;
  bodyHash: string;
}

/** Forwards requests of SCSPs about sessions of our customers to the CPOs, with ids and addresses of our own (CP-60 to CP-66, how-a-request-runs §8). */
export class Relay {
  readonly #context: Context;
  readonly #dependencies: RelayDependencies;
  /** One request about a session at a time: none overtakes another. */
  readonly #serial = new SerialByKey<string>();
  /** Requests whose immediate answer is not stored yet. */
  readonly #underWay = new Map<ExchangeId, Promise<Reply<ProfileResponse>>>();

  constructor(context: Context, dependencies: RelayDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    context.metrics.keep('work in order', () => this.#serial.size);
    context.metrics.keep('forwarded requests', () => this.#underWay.size);
  }

  /** The session with this id, when it is relayed to a party that requests and that may still see it. */
  async find(peer: KnownPeer, from: Request<Endpoint, KnownPeer>['headers']['from'], sessionId: string): Promise<RelayedSession | undefined> {
    const { store, clock } = this.#context;
    const relayed = await store.first(relayedById(sessionId));
    if (!relayed || !requestingPartiesOf(peer, from).includes(relayed.party)) return undefined;
    const [session, right] = await Promise.all([
      store.first(sessionByKey<WireSession, undefined>(relayed.session)),
      store.first(partyRightOnSession(relayed.session, relayed.party, clock.now())),
    ]);
    return session && right && { session, party: relayed.party, may: right.may };
  }

  /** Answers a request. Messages of the CPO may contain the id of the session or of its driver: these are pseudonymised. */
  async answer(request: Request<Endpoint, KnownPeer>, relayed: RelayedSession, profileRequest: RelayedRequest): Promise<Reply<ProfileResponse>> {
    const reply = await this.#answer(request, relayed, profileRequest);
    const id = relayedId(this.#context, relayed.party, relayed.session.key);
    return reply.message === undefined ? reply : { ...reply, message: pseudonymiseText(reply.message, relayed.session.body, id) };
  }

  async #answer(request: Request<Endpoint, KnownPeer>, relayed: RelayedSession, profileRequest: RelayedRequest): Promise<Reply<ProfileResponse>> {
    const refusedUrl = checkResponseUrl(this.#context, request.peer, profileRequest.responseUrl);
    if (refusedUrl) return refusedUrl;
    const bodyHash = bodyHashOf(request, profileRequest.ask);
    const repeated = await this.#repeatOf(request, bodyHash);
    if (repeated) return repeated;
    const it = { request, relayed, profileRequest, bodyHash };
    return this.#serial.run(relayed.session.key, async () => (await this.#decide(it)) ?? (await this.#decideAgain(it)) ?? this.#deny(OVERTAKEN, it));
  }

  /** The facts changed before the request was committed: decides once more from what holds now (docs/guards.md). */
  async #decideAgain(it: Forwarding): Promise<Reply<ProfileResponse> | undefined> {
    const { peer, headers } = it.request;
    await this.#dependencies.refresh();
    const relayed = await this.find(peer, headers.from, it.profileRequest.sessionId);
    if (!relayed) return success({ result: 'UNKNOWN_SESSION', timeout: this.#context.config.timeout });
    return (await this.#repeatOf(it.request, it.bodyHash)) ?? this.#decide({ ...it, relayed });
  }

  /** Refuses or forwards a request. Undefined: what was decided no longer held at the commit, and nothing was committed. */
  async #decide(it: Forwarding): Promise<Reply<ProfileResponse> | undefined> {
    const { relayed, profileRequest } = it;
    const { session, party } = relayed;
    const { store } = this.#context;
    const [known, open, ours] = await Promise.all([
      store.all(inputsOf(session.key)),
      store.all(openSetsAtCpo(session.key)),
      store.first(ownProfileIsSet(session.key)),
    ]);
    // A SET without a result may be in force: it counts like a profile that is set.
    const inputs = [...known, ...open.filter((set) => !set.ours).map(({ by, peer, profile }): Input => ({ by, peer, profile, state: 'uncertain' }))];
    const setByUs = ours === true || open.some((set) => set.ours);
    const limited = this.#limitedBy(relayed, profileRequest.ask);
    const denial = this.#denial(relayed, profileRequest.ask, { inputs, setByUs, tooOften: this.#dependencies.rateLimits.refusal(limited) });
    if (denial) return this.#deny(denial, it);
    const startedAt = dateTimeSeconds(session.body.start_date_time) ?? epochSeconds(0);
    const wire = requestToForward(profileRequest, { party, startedAt, inputs, sharing: this.#dependencies.sharing });
    if (!wire) return this.#deny({ result: 'REJECTED', message: 'another party steers this session in another unit' }, it);
    this.#dependencies.rateLimits.countAccepted(limited);
    const reply = await this.#forward({ ...it, profileRequest: { ...profileRequest, wire } });
    if (!reply) this.#dependencies.rateLimits.giveBack(limited);
    return reply;
  }

  #limitedBy = ({ session, party }: RelayedSession, ask: Ask): LimitedRequest => ({
    party,
    session: session.key,
    station: undefined,
    profile: ask.kind === 'set' ? ask.profile : undefined,
  });

  /** Why this node refuses the request itself; undefined when it may be forwarded. */
  #denial(
    { session, party, may }: RelayedSession,
    ask: Ask,
    { inputs, setByUs, tooOften }: { inputs: readonly Input[]; setByUs: boolean; tooOften: string | undefined },
  ): Refusal | undefined {
    const { sharing, isHalted } = this.#dependencies;
    const known = {
      status: session.status,
      mayControl: may.includes('control'),
      inputs: inputs.map(({ by }) => by),
      setByUs,
      asker: party,
      sharingWith: (other: PartyKey) => sharing(party, other),
      halted: isHalted(party),
      tooOften,
    };
    return refusal(known, ask.kind);
  }

  #deny({ result, message }: Refusal, { request, relayed: { session, party, may }, profileRequest: { ask }, bodyHash }: Forwarding): Reply<ProfileResponse> {
    const { security, config } = this.#context;
    const lacksRight = result === 'REJECTED' && !may.includes('control');
    if (lacksRight) security.note({ kind: 'no-contract', peer: request.peer.id, party, says: `${party} asked to control a session that it may only see` });
    const timeout = seconds(config.timeout);
    const refused = { ...fieldsOfRequest(request), side: 'relayed', ask, party, session: session.key, bodyHash, timeout } as const;
    this.#dependencies.refusals.note({ ...refused, answer: { result, message } });
    return { ...success({ result, timeout }), message };
  }

  /** Commits the request and forwards it. Undefined: what was decided no longer holds, and nothing was committed. */
  async #forward(it: Forwarding): Promise<Reply<ProfileResponse> | undefined> {
    const { relayed, profileRequest } = it;
    const { session, party } = relayed;
    const { store, encryption, peers, newId, peerMessages } = this.#context;
    const cpo = session.peer && (await peers.find(session.peer));
    const to = clientFor(this.#context, cpo, { module: 'chargingprofiles', role: 'RECEIVER', withinMs: FORWARD_MS });
    const owner = partyOfSession(session.key);
    if (!to || offlineParty(to.peer, owner, OWNING_ROLES)) return refused(3000, 'the CPO of this session cannot be reached');
    const { responseUrl, resultHash } = newResponseUrl(this.#context, to.peer, profileRequest.wire.kind);
    const exchange = this.#draft(it, to.peer);
    const condition = relayCondition(profileRequest.ask.kind, this.#dependencies.partnersOf(party));
    const hidden = { encryptedUrl: encryption.encrypt(profileRequest.responseUrl), resultHash };
    const [inserted] = await store.commit([insertExchange(exchange, hidden, condition)]);
    if (inserted?.changed !== 1) return undefined;
    const ids = {
      from: partyName(session.tokenParty ?? owner),
      to: partyName(owner),
      requestId: newId(),
      correlationId: exchange.correlationId,
    };
    const hide = (message: string) => withoutDriver(message, session.body);
    const { client, peer } = to;
    const kept = { ...client, transport: peerMessages.keeping(client.transport, { peer: peer.id, exchange: exchange.id, hide }) };
    const answer = forwardRequest(kept, { ask: profileRequest.wire, base: to.base, sessionId: session.body.id, responseUrl, ids });
    const reply = answer.then((it) => this.#forwardAnswer(exchange, hideDriver(it, session.body)));
    this.#underWay.set(exchange.id, reply);
    return reply.finally(() => this.#underWay.delete(exchange.id));
  }

  #draft({ request, relayed: { session, party }, profileRequest: { ask }, bodyHash }: Forwarding, upstream: KnownPeer): NewExchange {
    const timeout = seconds(this.#context.config.timeout);
    const fields = { side: 'relayed', state: 'POSTING', ask, party, upstream: upstream.id, session: session.key, bodyHash, timeout } as const;
    return draftExchange(this.#context, { ...fieldsOfRequest(request), ...fields });
  }

  async #forwardAnswer(exchange: NewExchange, answered: UpstreamAnswer): Promise<Reply<ProfileResponse>> {
    const { clock, config } = this.#context;
    const { state, reason, deadline, answer } = forwardAnswer(answered, clock.now());
    const recorded = 'result' in answer ? answer : { result: undefined, timeout: seconds(config.timeout), message: answer.message };
    const stored = await commitAnswer(this.#context, exchange, { ...recorded, state, reason, deadline });
    if (stored) this.#dependencies.answerRecorded(stored);
    return replyOf(answer);
  }

  /** A repeat of a request gets the same answer; another request with the same X-Request-ID is an error of the sender (SEC-13). Undefined: a new request. */
  async #repeatOf({ peer, headers }: Request<Endpoint, KnownPeer>, bodyHash: string): Promise<Reply<ProfileResponse> | undefined> {
    const first = await this.#context.store.first(exchangeByRequest(peer.id, headers.requestId));
    if (!first) return undefined;
    if (first.bodyHash !== bodyHash) return requestIdReused;
    const underWay = this.#underWay.get(first.id);
    if (underWay) return underWay;
    const { result, timeout, message, state, reason } = first;
    if (state === 'REFUSED' || state === 'UNCERTAIN' || state === 'POSTING') {
      if (result === undefined || result === 'UNKNOWN') return replyOf({ code: ocpiCodeOf(reason), message: message ?? 'the CPO did not answer' });
      return replyOf({ result, timeout, ...(message !== undefined && { message }) });
    }
    return replyOf({ result: 'ACCEPTED', timeout });
  }

  /** Resolves when the immediate answer to this request is stored: a result may arrive earlier. */
  async untilAnswered(id: ExchangeId): Promise<void> {
    await this.#underWay.get(id);
  }
}

function replyOf(answer: ForwardedAnswer['answer']): Reply<ProfileResponse> {
  if ('code' in answer)
    return isStatusCode(answer.code) && answer.code !== 1000 ? refused(answer.code, answer.message) : refused(answer.code < 3000 ? 2000 : 3000, answer.message);
  const { result, timeout, message } = answer;
  return { ...success({ result, timeout }), ...(message !== undefined && { message }) };
}
