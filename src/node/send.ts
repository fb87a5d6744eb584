import { createHash, randomBytes } from 'node:crypto';
import { isOpen, type Ask, type AskKind, type Exchange, type ResultType } from '../domain/exchange.ts';
import { type ExchangeId, exchangeId, fold, type SessionKey } from '../domain/ids.ts';
import { endpointOf } from '../domain/party.ts';
import type { ActiveChargingProfile } from '../domain/profile/charging-profile.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import { epochMillis, seconds } from '../domain/units.ts';
import { callEndpoint } from '../ocpi/call.ts';
import { clearChargingProfile, clearChargingProfileResult } from '../ocpi/chargingprofiles/clear-charging-profile.ts';
import { getActiveChargingProfile, getActiveChargingProfileResult } from '../ocpi/chargingprofiles/get-active-charging-profile.ts';
import { setChargingProfile, setChargingProfileResult } from '../ocpi/chargingprofiles/set-charging-profile.ts';
import { writeActiveChargingProfile, writeChargingProfile } from '../ocpi/chargingprofiles/translate.ts';
import type { Outcome } from '../ocpi/outcome.ts';
import { messagePath } from '../ocpi/routes.ts';
import type { WireSession } from '../ocpi/sessions/session.ts';
import { type Answered, stateAfter, takeAnswer } from '../roles/emsp/take-answer.ts';
import { fingerprint } from '../store/seal.ts';
import { addEvent } from '../store/sql/event.ts';
import { endExchange, everSet, exchangeByResult, insertExchange, openExchanges, readExchange, recordAnswer, recordOutcome, type StoredExchange } from '../store/sql/exchange.ts';
import { sessionByKey, sessionsByFoldedId, setActiveProfile, type StoredSession } from '../store/sql/session.ts';
import type { Ground } from './ground.ts';
import { editionOf, lineTo } from './line.ts';
import { outcomeEvent, tellOutcome } from './outcome.ts';
import type { KnownPeer } from './peers.ts';

/** Sets, gets and clears profiles on sessions at a CPO, for a party of ours, and takes what comes back (CP-40 to CP-48, async-flow §9). */
export interface Sender {
  ask(session: StoredSession<WireSession, undefined>, ask: Ask): Promise<Result<ExchangeId>>;
  /** A result on one of our response_urls; false when it is for none that this peer may answer, which looks like no such address (CP-46). */
  resultCame(peer: KnownPeer, kind: AskKind, result: { id: string; word: ResultType; profile?: ActiveChargingProfile }): Promise<boolean>;
  /** False when the session is unknown, or none that we ever set a profile on (CP-48). */
  activeProfileCame(peer: KnownPeer, id: string, profile: ActiveChargingProfile): Promise<boolean>;
  /** Takes up what an earlier run left open. */
  recover(): Promise<void>;
}

/** The flow that goes with each kind of question, and where its result comes back. */
const RESULTS = { set: setChargingProfileResult, get: getActiveChargingProfileResult, clear: clearChargingProfileResult } as const;
/** How long an answer to a question is remembered by its address (SEC-12). */
const LATE_MS = 3_600_000;
/** The peer's own timeout, when it tells none or nothing that can be believed. */
const USUAL_TIMEOUT = seconds(30);

export function createSender(ground: Ground): Sender {
  const { store, clock, config, journal, peers } = ground;

  async function ask(session: StoredSession<WireSession, undefined>, asked: Ask): Promise<Result<ExchangeId>> {
    const peer = session.peer && (await peers.find(session.peer));
    const base = peer && endpointOf(peer, 'chargingprofiles', 'RECEIVER');
    if (!peer || !base || !lineTo(ground, peer)) return fail('the CPO of this session is not registered, or has no chargingprofiles module: see evenkeel peers');
    const secret = randomBytes(16).toString('base64url');
    const exchange = draft(session.key, peer, asked);
    await store.commit([insertExchange(exchange, { resultHash: fingerprint(secret) })]);
    journal.note({ step: 'asked', exchange: exchange.id, kind: asked.kind, session: session.key, peer: peer.id });
    post(exchange, { peer, base, session: session.body, responseUrl: responseUrl(peer, asked.kind, secret) }).catch((error) => ground.complain(`exchange ${exchange.id}`, error));
    return ok(exchange.id);
  }

  function draft(session: SessionKey, peer: KnownPeer, asked: Ask) {
    const now = clock.now();
    const requestId = ground.draw();
    return {
      id: exchangeId(ground.draw()),
      side: 'sent',
      ask: asked,
      peer: peer.id,
      session,
      edition: editionOf(peer),
      requestId,
      correlationId: ground.draw(),
      bodyHash: createHash('sha256').update(JSON.stringify(asked)).digest('base64url'),
      acceptedAt: now,
      deadline: epochMillis(now + 60_000),
      timeout: USUAL_TIMEOUT,
      state: 'POSTING',
      station: undefined,
      profileId: undefined,
    } satisfies Partial<Exchange>;
  }

  const responseUrl = (peer: KnownPeer, kind: AskKind, secret: string) => config.public_url + messagePath(RESULTS[kind], editionOf(peer)).replace('{result_id}', secret);

  interface To {
    peer: KnownPeer;
    base: string;
    session: WireSession;
    responseUrl: string;
  }
  async function post(exchange: ReturnType<typeof draft>, to: To): Promise<void> {
    const answered = readResponse(await send(exchange, to));
    const now = clock.now();
    const { state, reason, deadline } = takeAnswer(answered, now);
    const result = answered.is === 'ANSWERED' ? answered.result : 'REJECTED';
    const timeout = answered.is === 'ANSWERED' ? answered.timeout : USUAL_TIMEOUT;
    const ends = state !== 'AWAITING';
    const [recorded] = await store.commit([
      recordAnswer(exchange.id, { state, result, reason, timeout, deadline, endedAt: ends ? now : undefined }),
      ...(ends ? [outcomeEvent(exchange, now, { state, reason, result })] : []),
    ]);
    journal.note({ step: 'peer-answered', exchange: exchange.id, kind: exchange.ask.kind, session: exchange.session, peer: to.peer.id, result: answered.is === 'ANSWERED' ? answered.result : `nothing (${answered.reason})` });
    for (const row of recorded?.rows ?? []) settleOrWait(readExchange(row));
  }

  function settleOrWait(exchange: StoredExchange): void {
    if (exchange.state === 'AWAITING') return awaitResult(exchange);
    tellOutcome(ground, exchange);
    if (exchange.state === 'UNCERTAIN') lookAfterwards(exchange);
  }

  function send(exchange: ReturnType<typeof draft>, { peer, base, session, responseUrl: response_url }: To): Promise<Outcome<{ result: Exchange['result'] & string; timeout: number }>> {
    const line = lineTo(ground, peer);
    if (!line) return Promise.resolve({ is: 'FAILED', because: 'refused', sent: false, message: 'the peer is not registered' });
    const { country_code, party_id, cdr_token } = session;
    const from = { countryCode: cdr_token.country_code, partyId: cdr_token.party_id };
    const ids = { from, to: { countryCode: country_code, partyId: party_id }, requestId: exchange.requestId, correlationId: exchange.correlationId };
    const common = { base, params: { session_id: session.id }, ids };
    const asked = exchange.ask;
    switch (asked.kind) {
      case 'set':
        return callEndpoint(line, setChargingProfile, { ...common, query: undefined, body: { charging_profile: writeChargingProfile(asked.profile), response_url } });
      case 'get':
        return callEndpoint(line, getActiveChargingProfile, { ...common, query: { duration: asked.duration, response_url }, body: undefined });
      case 'clear':
        return callEndpoint(line, clearChargingProfile, { ...common, query: { response_url }, body: undefined });
      default:
        return asked satisfies never;
    }
  }

  function awaitResult(exchange: StoredExchange): void {
    clock.after(Math.max(0, exchange.deadline - clock.now()), () => {
      timeOut(exchange).catch((error) => ground.complain(`exchange ${exchange.id}`, error));
    });
  }

  /** CP-44: nobody told us, so we ask what holds now. */
  async function timeOut(exchange: StoredExchange): Promise<void> {
    const end = { state: 'UNCERTAIN', reason: 'no result before the timeout', at: clock.now() } as const;
    const [ended] = await store.commit([endExchange(exchange.id, ['POSTING', 'AWAITING'], end), outcomeEvent(exchange, end.at, end)]);
    for (const row of ended?.rows ?? []) settleOrWait(readExchange(row));
  }

  function lookAfterwards({ session: key, ask: asked }: StoredExchange): void {
    if (asked.kind === 'get') return;
    store
      .first(sessionByKey<WireSession, undefined>(key))
      .then((session) => (session?.status === 'ACTIVE' ? ask(session, { kind: 'get', duration: seconds(900) }) : undefined))
      .catch((error) => ground.complain(`session ${key}`, error));
  }

  async function resultCame(peer: KnownPeer, kind: AskKind, result: Parameters<Sender['resultCame']>[2]): Promise<boolean> {
    const exchange = await store.first(exchangeByResult(fingerprint(result.id)));
    const now = clock.now();
    if (!exchange || exchange.peer !== peer.id || exchange.ask.kind !== kind || exchange.outcome || now > exchange.deadline + LATE_MS) return false;
    const late = !isOpen(exchange.state);
    const outcome = { result: result.word, ...(result.profile && { profile: result.profile }) };
    const end = { state: stateAfter(result.word), outcome, reason: late ? 'late' : 'result', at: now };
    const [recorded] = await store.commit([
      recordOutcome(exchange.id, end),
      outcomeEvent(exchange, now, { state: end.state, reason: end.reason, result: result.word }),
      ...(result.profile ? activeProfileWrites(exchange.session, result.profile) : []),
    ]);
    if (recorded?.changed !== 1) return false;
    journal.note({ step: 'result-came', exchange: exchange.id, kind, session: exchange.session, peer: peer.id, result: result.word, late });
    for (const row of recorded.rows) tellOutcome(ground, readExchange(row));
    return true;
  }

  const activeProfileWrites = (session: SessionKey, profile: ActiveChargingProfile) => [
    setActiveProfile(session, profile),
    addEvent({ at: clock.now(), kind: 'active-profile', session, body: writeActiveChargingProfile(profile) }),
  ];

  async function activeProfileCame(peer: KnownPeer, id: string, profile: ActiveChargingProfile): Promise<boolean> {
    const session = (await store.all(sessionsByFoldedId<WireSession, undefined>(fold(id)))).find((it) => it.peer === peer.id);
    const sets = session && (await store.first(everSet(session.key, peer.id)));
    if (!session || !sets) return false;
    await store.commit(activeProfileWrites(session.key, profile));
    journal.note({ step: 'active-profile-came', session: session.key, peer: peer.id });
    journal.wake();
    return true;
  }

  async function recover(): Promise<void> {
    for (const exchange of await store.all(openExchanges)) if (exchange.side === 'sent') awaitResult(exchange);
  }

  return { ask, resultCame, activeProfileCame, recover };
}

/** The peer's immediate answer; a 2xxx around a proper result is that result (readings A-12). */
function readResponse(outcome: Outcome<{ result: Exchange['result'] & string; timeout: number }>): Answered {
  if (outcome.data) {
    const { result, timeout } = outcome.data;
    const message = outcome.is === 'FAILED' ? outcome.message : undefined;
    return { is: 'ANSWERED', result: result === 'UNKNOWN' ? 'REJECTED' : result, timeout: seconds(timeout), ...(message !== undefined && { message }) };
  }
  if (outcome.is === 'SUCCESS') return { is: 'AMBIGUOUS', reason: 'bad_body' };
  const reason = [outcome.because, outcome.message].filter(Boolean).join(': ');
  const answered = outcome.statusCode !== undefined || (outcome.httpStatus !== undefined && outcome.httpStatus >= 400 && outcome.httpStatus < 500);
  return !outcome.sent || answered ? { is: 'REFUSED', reason } : { is: 'AMBIGUOUS', reason };
}
