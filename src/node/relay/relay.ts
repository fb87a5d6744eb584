import { randomBytes } from 'node:crypto';
import { parseTarget } from '../../delivery/guard/origin.ts';
import type { Right } from '../../domain/contract.ts';
import type { Ask } from '../../domain/exchange.ts';
import { type ExchangeId, exchangeId, type PartyKey, partyName, partyOfSession } from '../../domain/ids.ts';
import { epochMillis, epochSeconds, seconds } from '../../domain/units.ts';
import type { Request } from '../../ocpi/binding.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import type { Endpoint } from '../../ocpi/endpoint.ts';
import { invalid, type Reply, refused, success } from '../../ocpi/envelope.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { isStatusCode } from '../../ocpi/status.ts';
import { pseudonymiseText } from '../../roles/emsp/pseudonymise-text.ts';
import { type Refusal, refusal } from '../../roles/emsp/relay-request.ts';
import { codeIn, type Passed, passAnswer } from '../../roles/emsp/take-relayed-answer.ts';
import { fingerprint } from '../../store/encryption.ts';
import { grantOn } from '../../store/sql/contract.ts';
import { exchangeByRequest, insertExchange, type NewExchange, readExchange, recordAnswer, type StoredExchange } from '../../store/sql/exchange.ts';
import { type Input, inputsOf } from '../../store/sql/input.ts';
import { setByUs } from '../../store/sql/previous-requests.ts';
import { relayedById } from '../../store/sql/relayed.ts';
import { type StoredSession, sessionByKey } from '../../store/sql/session.ts';
import type { Context } from '../core/context.ts';
import { outcomeEvent } from '../core/end-exchange.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import type { ProfileRequest, ProfileResponse } from '../exchanges/profile-request.ts';
import { OWNING_ROLES, offlineParty } from '../peers/party-connection.ts';
import { clientFor, editionOf, FORWARD_MS } from '../peers/peer-client.ts';
import { requestingPartiesOf } from '../peers/requesting-party.ts';
import { responseUrlFor, type WireAsk } from '../remote/peer-request.ts';
import type { Agreements } from '../rights/agreements.ts';
import type { RateLimits } from '../rights/rate-limits.ts';
import { relayedId } from '../rights/session-readers.ts';
import { forward } from './forward.ts';
import { requestToForward } from './forward-request.ts';

/** A session of our customer elsewhere, as one SCSP asks about it. */
export interface RelayedSession {
  session: StoredSession<WireSession, undefined>;
  party: PartyKey;
  may: readonly Right[];
}

/** A question that came in, in its own words. */
export interface RelayedRequest extends ProfileRequest {
  wire: WireAsk;
}

/** What a relay works with. */
export interface RelayDependencies extends Agreements {
  rateLimits: RateLimits;
  /** An answer was recorded as it was passed on; a result may be waited for. */
  answerRecorded(exchange: StoredExchange): void;
}

/** A peer that asks may wait this long for our own word on it. */
const POSTING_MS = 60_000;

/** Forwards what SCSPs ask about sessions of our customers to their CPOs, under ids and addresses of our own (CP-60 to CP-66, how-a-request-runs §8). */
export class Relay {
  readonly #context: Context;
  readonly #parts: RelayDependencies;
  /** One request about a session at a time, so that none overtakes another on the way. */
  readonly #turns = new SerialByKey<string>();
  readonly #underWay = new Map<ExchangeId, Promise<Reply<ProfileResponse>>>();

  constructor(context: Context, parts: RelayDependencies) {
    this.#context = context;
    this.#parts = parts;
  }

  /** The session that an SCSP means, if it is one that is relayed to it and that it may still see. */
  async find(peer: KnownPeer, from: Request<Endpoint, KnownPeer>['headers']['from'], sessionId: string): Promise<RelayedSession | undefined> {
    const { store, clock } = this.#context;
    const relayed = await store.first(relayedById(sessionId));
    if (!relayed || !requestingPartiesOf(peer, from).includes(relayed.party)) return undefined;
    const [session, grant] = await Promise.all([
      store.first(sessionByKey<WireSession, undefined>(relayed.session)),
      store.first(grantOn(relayed.session, relayed.party, clock.now())),
    ]);
    return session && grant && { session, party: relayed.party, may: grant.may };
  }

  /** What a CPO says to people may name the session or its driver; here the one has another name, and the other none. */
  async answer(request: Request<Endpoint, KnownPeer>, about: RelayedSession, question: RelayedRequest): Promise<Reply<ProfileResponse>> {
    const reply = await this.#answer(request, about, question);
    const name = relayedId(this.#context, about.party, about.session.key);
    return reply.message === undefined ? reply : { ...reply, message: pseudonymiseText(reply.message, about.session.body, name) };
  }

  async #answer(request: Request<Endpoint, KnownPeer>, about: RelayedSession, question: RelayedRequest): Promise<Reply<ProfileResponse>> {
    const { peer, headers } = request;
    const { store, config } = this.#context;
    const target = parseTarget(question.responseUrl, { allowedOrigins: peer.originSet, insecureHttp: config.insecure_http });
    if (!target.ok) return invalid(`response_url: ${target.problem}`);
    const bodyHash = fingerprint(`${question.ask.kind} ${request.url} ${request.text}`);
    const repeated = await store.first(exchangeByRequest(peer.id, headers.requestId));
    if (repeated) return this.#answerRepeat(repeated, bodyHash);
    return this.#turns.run(about.session.key, async () => {
      const [inputs, ours] = await Promise.all([store.all(inputsOf(about.session.key)), store.first(setByUs(about.session.key))]);
      const no = this.#refusal(about, question.ask, { inputs, setByUs: ours === true });
      if (no) return this.#refuse(no, { peer, about });
      const startedAt = dateTimeSeconds(about.session.body.start_date_time) ?? epochSeconds(0);
      const asked = { ...question, wire: requestToForward(question, { party: about.party, startedAt, inputs, sharing: this.#parts.sharing }) };
      if (!asked.wire) return this.#refuse({ result: 'REJECTED', message: 'another party steers this session in another unit' }, { peer, about });
      return this.#forward({ request, about, question: { ...asked, wire: asked.wire }, bodyHash });
    });
  }

  #refusal({ session, party, may }: RelayedSession, ask: Ask, steered: { inputs: readonly Input[]; setByUs: boolean }): Refusal | undefined {
    const { sharing, isHalted, rateLimits } = this.#parts;
    const attempt = { party, session: session.key, station: undefined, profile: ask.kind === 'set' ? ask.profile : undefined };
    const known = {
      mayControl: may.includes('control'),
      inputs: steered.inputs.map(({ by }) => by),
      setByUs: steered.setByUs,
      asker: party,
      sharingWith: (other: PartyKey) => sharing(party, other),
      halted: isHalted(party),
      tooOften: rateLimits.refusal(attempt),
    };
    const no = refusal(known, ask.kind);
    if (!no) rateLimits.take(attempt);
    return no;
  }

  #refuse({ result, message }: Refusal, { peer, about: { party, may } }: { peer: KnownPeer; about: RelayedSession }): Reply<ProfileResponse> {
    const lacks = result === 'REJECTED' && !may.includes('control');
    if (lacks) this.#context.security.note({ kind: 'no-contract', peer: peer.id, party, says: `${party} asked to control a session that it may only see` });
    return { ...success({ result, timeout: this.#context.config.timeout }), message };
  }

  async #forward(it: {
    request: Request<Endpoint, KnownPeer>;
    about: RelayedSession;
    question: RelayedRequest;
    bodyHash: string;
  }): Promise<Reply<ProfileResponse>> {
    const { request, about, question, bodyHash } = it;
    const { store, encryption, peers, newId, config } = this.#context;
    const cpo = about.session.peer && (await peers.find(about.session.peer));
    const to = clientFor(this.#context, cpo, { module: 'chargingprofiles', role: 'RECEIVER', withinMs: FORWARD_MS });
    const owner = partyOfSession(about.session.key);
    if (!to || offlineParty(to.peer, owner, OWNING_ROLES)) return refused(3000, 'the CPO of this session cannot be reached');
    const { peer: upstream, client, base } = to;
    const secret = randomBytes(16).toString('base64url');
    const exchange = this.#draft(about, { ask: question.ask, upstream, request, bodyHash });
    const hidden = { encryptedUrl: encryption.encrypt(question.responseUrl), resultHash: fingerprint(secret) };
    const [inserted] = await store.commit([insertExchange(exchange, hidden)]);
    if (inserted?.changed !== 1) return this.#answerRepeat(await store.first(exchangeByRequest(request.peer.id, request.headers.requestId)), bodyHash);
    const { session } = about;
    const ids = {
      from: partyName(session.tokenParty ?? partyOfSession(session.key)),
      to: partyName(owner),
      requestId: newId(),
      correlationId: exchange.correlationId,
    };
    const responseUrl = responseUrlFor(question.wire.kind, { publicUrl: config.public_url, edition: editionOf(upstream), secret });
    const passed = forward(client, { ask: question.wire, base, sessionId: session.body.id, responseUrl, ids }).then((said) => this.#pass(exchange, said));
    this.#underWay.set(exchange.id, passed);
    return passed.finally(() => this.#underWay.delete(exchange.id));
  }

  async #pass(exchange: NewExchange, said: Parameters<typeof passAnswer>[0]): Promise<Reply<ProfileResponse>> {
    const { store, clock } = this.#context;
    const now = clock.now();
    const passed = passAnswer(said, now);
    const { state, reason, deadline, answer } = passed;
    const told = 'result' in answer ? answer : { result: undefined, timeout: seconds(this.#context.config.timeout), message: answer.message };
    const ends = state !== 'AWAITING';
    const [recorded] = await store.commit([
      recordAnswer(exchange.id, { ...told, state, reason, deadline, endedAt: ends ? now : undefined }),
      ...(ends ? [outcomeEvent(exchange, now, { state, reason, result: told.result })] : []),
    ]);
    for (const row of recorded?.rows ?? []) this.#parts.answerRecorded(readExchange(row));
    return replyOf(passed.answer);
  }

  #draft({ session, party }: RelayedSession, of: { ask: Ask; upstream: KnownPeer; request: Request<Endpoint, KnownPeer>; bodyHash: string }): NewExchange {
    const now = this.#context.clock.now();
    const { peer, edition, headers } = of.request;
    return {
      id: exchangeId(this.#context.newId()),
      side: 'relayed',
      ask: of.ask,
      peer: peer.id,
      party,
      upstream: of.upstream.id,
      session: session.key,
      edition,
      requestId: headers.requestId,
      correlationId: headers.correlationId,
      bodyHash: of.bodyHash,
      acceptedAt: now,
      deadline: epochMillis(now + POSTING_MS),
      timeout: seconds(this.#context.config.timeout),
      state: 'POSTING',
      station: undefined,
      profileId: undefined,
    };
  }

  /** The same request told twice gets the same answer; another one under the same id is a mistake of the Sender (SEC-13). */
  async #answerRepeat(first: StoredExchange | undefined, bodyHash: string): Promise<Reply<ProfileResponse>> {
    if (first?.bodyHash !== bodyHash) return invalid('X-Request-ID: was used for another request, allowed is a new one for each request');
    const underWay = this.#underWay.get(first.id);
    if (underWay) return underWay;
    const { result, timeout, message, state, reason } = first;
    if (state === 'REFUSED' || state === 'UNCERTAIN' || state === 'POSTING') {
      if (result === undefined || result === 'UNKNOWN') return replyOf({ code: codeIn(reason), message: message ?? 'the CPO did not answer' });
      return replyOf({ result, timeout, ...(message !== undefined && { message }) });
    }
    return replyOf({ result: 'ACCEPTED', timeout });
  }

  /** Resolves when the immediate answer to this request is recorded; a result may come before it is. */
  async untilAnswered(id: ExchangeId): Promise<void> {
    await this.#underWay.get(id);
  }
}

function replyOf(answer: Passed['answer']): Reply<ProfileResponse> {
  if ('code' in answer)
    return isStatusCode(answer.code) && answer.code !== 1000 ? refused(answer.code, answer.message) : refused(answer.code < 3000 ? 2000 : 3000, answer.message);
  const { result, timeout, message } = answer;
  return { ...success({ result, timeout }), ...(message !== undefined && { message }) };
}
