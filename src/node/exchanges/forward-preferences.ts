import type { PartyKey, PeerId } from '../../domain/ids.ts';
import { partiesOf } from '../../domain/party.ts';
import type { PreferencesAnswer } from '../../domain/preferences.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import { knownFields } from '../../ocpi/known-fields.ts';
import type { PeerAnswer } from '../../ocpi/peer-answer.ts';
import { ChargingPreferences, type WireChargingPreferences } from '../../ocpi/sessions/charging-preferences.ts';
import { forwardChargingPreferences } from '../../ocpi/sessions/forward-charging-preferences.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { rightsOnSession } from '../../store/sql/contract.ts';
import { inputsOf } from '../../store/sql/input.ts';
import type { StoredSession } from '../../store/sql/session.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { clientFor, FORWARD_MS } from '../peers/peer-client.ts';
import type { Agreements } from '../rights/agreements.ts';
import type { Reader, SessionReaders } from '../rights/session-readers.ts';

/** Charging preferences of a driver, to be sent to one receiver. */
export interface PreferencesMessage {
  preferences: WireChargingPreferences;
  correlationId?: string;
}

/** The answer of one party to charging preferences, or the problem that prevented an answer. */
export type ForwardedPreferences = { by: PartyKey; answer: PreferencesAnswer } | { by: PartyKey; problem: string };

/** Reads the outcome of a call: the answer of the party, or the problem. */
export const answerFrom = (by: PartyKey, outcome: PeerAnswer<PreferencesAnswer>): ForwardedPreferences =>
  outcome.is === 'SUCCESS' ? { by, answer: outcome.data } : { by, problem: [outcome.because, outcome.message].filter(Boolean).join(': ') };

/** A peer that does not support the message is tried again after this time, or after it registers again: it may have been updated. */
const UNSUPPORTED_MS = 3_600_000;

/** Forwards the charging preferences of drivers to the SCSP that steers their session, as its contract and the driver's consent allow (SES-57). */
export class PreferenceForwards {
  readonly #context: Context;
  readonly #readers: SessionReaders;
  readonly #isHalted: Agreements['isHalted'];
  /** Peers that do not support the message; an entry holds for one registration, and until a moment in ms. */
  readonly #unsupported = new Map<PeerId, { registeredAt: number | undefined; until: number }>();

  constructor(context: Context, { readers, isHalted }: { readers: SessionReaders; isHalted: Agreements['isHalted'] }) {
    this.#context = context;
    this.#readers = readers;
    this.#isHalted = isHalted;
  }

  /** Parties to which preferences can be forwarded now, given a contract and a consent. */
  async receivers(): Promise<ReadonlySet<PartyKey>> {
    const peers = await this.#context.peers.offering('sessions', 'RECEIVER');
    const parties = peers.filter((it) => this.#isSupportedBy(it)).flatMap((it) => partiesOf(it.roles, 'SCSP'));
    return new Set(parties.filter((it) => !this.#isHalted(it)));
  }

  /** Forwards to the SCSP that steers the session, else to the first one that may steer it. Undefined when no such SCSP takes preferences. */
  async forward(session: StoredSession<OwnSession, Progress>, message: PreferencesMessage): Promise<ForwardedPreferences | undefined> {
    for (const reader of await this.#steeringReaders(session)) {
      const forwarded = await this.#send(reader, message);
      if (!forwarded) continue;
      const outcome = 'answer' in forwarded ? forwarded.answer : forwarded.problem;
      this.#context.journal.note({ step: 'preferences-forwarded', session: session.key, peer: reader.peer.id, party: reader.party, outcome });
      return forwarded;
    }
    return undefined;
  }

  /** Readers of the session that may control it; those whose profile steers it come first. */
  async #steeringReaders(session: StoredSession<OwnSession, Progress>): Promise<readonly Reader[]> {
    const { store, clock } = this.#context;
    const [readers, rights, inputs] = await Promise.all([
      this.#readers.of(session),
      store.all(rightsOnSession(session.key, clock.now())),
      store.all(inputsOf(session.key)),
    ]);
    const allowed = new Set(rights.filter(({ may }) => may.includes('control')).map(({ party }) => party));
    const may = ({ party, peer }: Reader) =>
      allowed.has(party) && partiesOf(peer.roles, 'SCSP').includes(party) && !this.#isHalted(party) && this.#isSupportedBy(peer);
    const steers = ({ party }: Reader) => inputs.some(({ by }) => by === party);
    return readers.filter(may).toSorted((a, b) => Number(steers(b)) - Number(steers(a)));
  }

  /** Undefined when the peer does not support the message. */
  async #send(reader: Reader, { preferences, correlationId }: PreferencesMessage): Promise<ForwardedPreferences | undefined> {
    const { party, peer, session, ids } = reader;
    const to = clientFor(this.#context, peer, { module: 'sessions', role: 'RECEIVER', withinMs: FORWARD_MS });
    if (!to) return { by: party, problem: 'it is not registered any more' };
    const { country_code, party_id, id: session_id } = session;
    const outcome = await callEndpoint(to.client, forwardChargingPreferences, {
      base: to.base,
      params: { country_code, party_id, session_id },
      body: knownFields(ChargingPreferences, preferences),
      ids: { ...ids, ...(correlationId !== undefined && { correlationId }) },
    });
    if (outcome.is === 'FAILED' && isUnsupported(outcome)) {
      this.#unsupported.set(peer.id, { registeredAt: peer.registeredAt, until: this.#context.clock.steady() + UNSUPPORTED_MS });
      return undefined;
    }
    return answerFrom(party, outcome);
  }

  #isSupportedBy({ id, registeredAt }: KnownPeer): boolean {
    const known = this.#unsupported.get(id);
    const holds = known !== undefined && known.registeredAt === registeredAt && known.until > this.#context.clock.steady();
    if (!holds) this.#unsupported.delete(id);
    return !holds;
  }
}

/** A 404 with OCPI code 2001 names an unknown session: the peer supports the message. */
const isUnsupported = ({ httpStatus, statusCode }: { httpStatus?: number; statusCode?: number }): boolean =>
  httpStatus === 405 || (httpStatus === 404 && statusCode !== 2001);
