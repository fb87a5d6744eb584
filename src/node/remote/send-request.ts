import { createHash, randomBytes } from 'node:crypto';
import { type Ask, isOpen, type ResultType } from '../../domain/exchange.ts';
import { type ExchangeId, exchangeId, fold, type PartyKey, partyName, partyOfSession, type SessionKey } from '../../domain/ids.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { epochMillis, seconds } from '../../domain/units.ts';
import type { PeerClient } from '../../ocpi/call.ts';
import { writeActiveChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { stateAfter, takeAnswer } from '../../roles/emsp/take-answer.ts';
import { fingerprint } from '../../store/encryption.ts';
import { addEvent } from '../../store/sql/event.ts';
import { insertExchange, type NewExchange, openExchanges, readExchange, recordAnswer, recordOutcome, type StoredExchange } from '../../store/sql/exchange.ts';
import { forgetInputs } from '../../store/sql/input.ts';
import { everSet } from '../../store/sql/previous-requests.ts';
import { type StoredSession, sessionByKey, sessionsByFoldedId, setActiveProfile } from '../../store/sql/session.ts';
import type { Context } from '../core/context.ts';
import { endExchange, outcomeEvent, reportOutcome } from '../core/end-exchange.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { isHub } from '../peers/hub-parties.ts';
import { describeOffline, OWNING_ROLES, offlineParty } from '../peers/party-connection.ts';
import { clientFor, editionOf } from '../peers/peer-client.ts';
import { type PeerRequest, responseUrlFor, sendToPeer, wireAsk } from './peer-request.ts';

/** What is assumed when the peer does not say how long its result may take. */
const USUAL_TIMEOUT = seconds(30);
/** A question that was sent and never answered is given up after this. */
const POSTING_MS = 60_000;

/** What the rest of the node does about what a CPO tells. */
export interface RequestSenderListeners {
  /** What the EVSE of a session will do: those it is relayed to want to know. */
  activeProfileReceived(session: SessionKey, profile: ActiveChargingProfile): void;
}

type Held = StoredSession<WireSession, undefined>;

/** Sets, gets and clears profiles on sessions at a CPO, for a party of ours, and takes what comes back (CP-40 to CP-48, how-a-request-runs §9). */
export class RequestSender {
  readonly #context: Context;
  readonly #followers: RequestSenderListeners;

  constructor(context: Context, followers: RequestSenderListeners) {
    this.#context = context;
    this.#followers = followers;
  }

  /** Sends one question; resolves when it is recorded, not when it is answered. */
  async send(session: Held, asked: Ask): Promise<Result<ExchangeId>> {
    const { peers, store, journal, config } = this.#context;
    const cpo = session.peer && (await peers.find(session.peer));
    const to = clientFor(this.#context, cpo, { module: 'chargingprofiles', role: 'RECEIVER' });
    if (!to) return fail('the CPO of this session is not registered, or has no chargingprofiles module: see evenkeel peers');
    const { peer, client, base } = to;
    const receiver = partyOfSession(session.key);
    const away = offlineParty(peer, receiver, OWNING_ROLES);
    if (away) return fail(describeOffline(peer, receiver, away));
    const secret = randomBytes(16).toString('base64url');
    const exchange = this.#draft(session, peer, asked);
    await store.commit([insertExchange(exchange, { resultHash: fingerprint(secret) })]);
    journal.note({ step: 'asked', exchange: exchange.id, kind: asked.kind, ask: asked, session: session.key, peer: peer.id });
    const ids = {
      from: partyName(exchange.party),
      to: partyName(receiver),
      requestId: exchange.requestId,
      correlationId: exchange.correlationId,
    };
    const responseUrl = responseUrlFor(asked.kind, { publicUrl: config.public_url, edition: editionOf(peer), secret });
    this.#post(exchange, client, { ask: wireAsk(asked), base, sessionId: session.body.id, responseUrl, ids }).catch((error) =>
      this.#context.reportError(`exchange ${exchange.id}`, error),
    );
    return ok(exchange.id);
  }

  #draft({ key: session, receiver, tokenParty }: Held, peer: KnownPeer, asked: Ask): NewExchange {
    const now = this.#context.clock.now();
    return {
      id: exchangeId(this.#context.newId()),
      side: 'sent',
      ask: asked,
      peer: peer.id,
      party: receiver ?? tokenParty ?? partyOfSession(session),
      session,
      edition: editionOf(peer),
      requestId: this.#context.newId(),
      correlationId: this.#context.newId(),
      bodyHash: createHash('sha256').update(JSON.stringify(asked)).digest('base64url'),
      acceptedAt: now,
      deadline: epochMillis(now + POSTING_MS),
      timeout: USUAL_TIMEOUT,
      state: 'POSTING',
      station: undefined,
      profileId: undefined,
    };
  }

  async #post(exchange: NewExchange, client: PeerClient, question: PeerRequest): Promise<void> {
    const { store, clock, journal } = this.#context;
    const answered = await sendToPeer(client, question);
    const now = clock.now();
    const { state, reason, deadline } = takeAnswer(answered, now);
    const said = answered.is === 'ANSWERED' ? { result: answered.result, timeout: answered.timeout } : { result: undefined, timeout: USUAL_TIMEOUT };
    const ends = state !== 'AWAITING';
    const [recorded] = await store.commit([
      recordAnswer(exchange.id, { state, ...said, reason, deadline, endedAt: ends ? now : undefined }),
      ...(ends ? [outcomeEvent(exchange, now, { state, reason, result: said.result })] : []),
    ]);
    const { id, ask, session, peer } = exchange;
    journal.note({ step: 'peer-answered', exchange: id, kind: ask.kind, session, peer, result: said.result ?? `nothing (${reason})` });
    for (const row of recorded?.rows ?? []) this.#settleOrWait(readExchange(row));
  }

  #settleOrWait(exchange: StoredExchange): void {
    if (exchange.state === 'AWAITING') {
      this.#awaitResult(exchange);
      return;
    }
    reportOutcome(this.#context, exchange);
    if (exchange.state === 'UNCERTAIN') this.#lookAfterwards(exchange);
  }

  #awaitResult(exchange: StoredExchange): void {
    const { clock, reportError } = this.#context;
    clock.after(Math.max(0, exchange.deadline - clock.now()), () => {
      this.#timeOut(exchange).catch((error) => reportError(`exchange ${exchange.id}`, error));
    });
  }

  /** CP-44: nobody told us, so we ask what holds now. */
  async #timeOut(exchange: StoredExchange): Promise<void> {
    const end = { state: 'UNCERTAIN', reason: 'no result before the timeout' } as const;
    const ended = await endExchange(this.#context, exchange, { from: ['POSTING', 'AWAITING'], ...end });
    if (ended) this.#lookAfterwards(ended);
  }

  #lookAfterwards({ session: key, ask: asked }: StoredExchange): void {
    if (asked.kind === 'get') return;
    const { store, reportError } = this.#context;
    store
      .first(sessionByKey<WireSession, undefined>(key))
      .then((session) => (session?.status === 'ACTIVE' ? this.send(session, { kind: 'get', duration: seconds(900) }) : undefined))
      .catch((error) => reportError(`session ${key}`, error));
  }

  /** The result of a question of ours; false when it has one already, or nobody waits any more. */
  async receiveResult(exchange: StoredExchange, result: { word: ResultType; profile?: ActiveChargingProfile }): Promise<boolean> {
    const { store, clock, journal } = this.#context;
    const now = clock.now();
    const { kind } = exchange.ask;
    const late = !isOpen(exchange.state);
    const outcome = { result: result.word, ...(result.profile && { profile: result.profile }) };
    const end = { state: stateAfter(result.word), outcome, reason: late ? 'late' : 'result', at: now };
    const [recorded] = await store.commit([
      recordOutcome(exchange.id, end),
      outcomeEvent(exchange, now, { state: end.state, reason: end.reason, result: result.word }),
      ...(result.profile ? this.#activeProfileWrites(exchange.session, result.profile) : []),
      // What we did in our own name took the place of whatever was relayed.
      ...(kind !== 'get' && result.word !== 'REJECTED' ? [forgetInputs(exchange.session)] : []),
    ]);
    if (recorded?.changed !== 1) return false;
    const told = { kind, session: exchange.session, peer: exchange.peer, result: result.word, late, ...(result.profile && { profile: result.profile }) };
    journal.note({ step: 'result-came', exchange: exchange.id, ...told });
    for (const row of recorded.rows) reportOutcome(this.#context, readExchange(row));
    if (result.profile) this.#followers.activeProfileReceived(exchange.session, result.profile);
    return true;
  }

  #activeProfileWrites(session: SessionKey, profile: ActiveChargingProfile) {
    const at = this.#context.clock.now();
    return [setActiveProfile(session, profile), addEvent({ at, kind: 'active-profile', session, body: writeActiveChargingProfile(profile) })];
  }

  /** False when the session is unknown, or none that we ever set a profile on (CP-48). */
  async receiveActiveProfile(by: { peer: KnownPeer; from: PartyKey | undefined }, id: string, profile: ActiveChargingProfile): Promise<boolean> {
    const { store, journal } = this.#context;
    const { peer, from } = by;
    const held = (await store.all(sessionsByFoldedId<WireSession, undefined>(fold(id)))).filter((it) => it.peer === peer.id);
    // Two parties behind one hub may call their sessions alike, and none of them speaks of the other's.
    const named = isHub(peer) ? held.filter(({ key }) => partyOfSession(key) === from) : held;
    const session = named.length === 1 ? named[0] : undefined;
    const sets = session && (await store.first(everSet(session.key, peer.id)));
    if (!session || !sets) return false;
    await store.commit(this.#activeProfileWrites(session.key, profile));
    journal.note({ step: 'active-profile-came', session: session.key, peer: peer.id, profile });
    journal.wake();
    this.#followers.activeProfileReceived(session.key, profile);
    return true;
  }

  /** Takes up what an earlier run left open. */
  async recover(): Promise<void> {
    for (const exchange of await this.#context.store.all(openExchanges)) if (exchange.side === 'sent') this.#awaitResult(exchange);
  }
}
