import type { PartyKey, PeerId } from '../../domain/ids.ts';
import { partiesOf } from '../../domain/party.ts';
import type { PreferencesAnswer } from '../../domain/preferences.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import { knownFields } from '../../ocpi/known-fields.ts';
import type { Outcome } from '../../ocpi/outcome.ts';
import { ChargingPreferences, type WireChargingPreferences } from '../../ocpi/sessions/charging-preferences.ts';
import { passChargingPreferences } from '../../ocpi/sessions/pass-charging-preferences.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { grantsOn } from '../../store/sql/contract.ts';
import { inputsOf } from '../../store/sql/input.ts';
import type { StoredSession } from '../../store/sql/session.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { clientFor, FORWARD_MS } from '../peers/peer-client.ts';
import type { Agreements } from '../rights/agreements.ts';
import type { Reader, SessionReaders } from '../rights/session-readers.ts';

/** What an SCSP said to the wishes of a driver, or why it said nothing. */
export type ForwardedPreferences = { by: PartyKey; answer: PreferencesAnswer } | { by: PartyKey; problem: string };

/** A platform that does not know the message is asked again after this, or when it changes its registration: it may have learnt it. */
const DEAF_MS = 3_600_000;

/** Passes the wishes of drivers on to the SCSP that steers their session, as its contract and the driver's consent allow (SES-57). */
export class PreferenceForwards {
  readonly #context: Context;
  readonly #readers: SessionReaders;
  readonly #isHalted: Agreements['isHalted'];
  /** Platforms that take no wishes, with the registration and the moment until which that is taken for granted. */
  readonly #deaf = new Map<PeerId, { registeredAt: number | undefined; until: number }>();

  constructor(context: Context, { readers, isHalted }: { readers: SessionReaders; isHalted: Agreements['isHalted'] }) {
    this.#context = context;
    this.#readers = readers;
    this.#isHalted = isHalted;
  }

  /** Parties that wishes could be passed on to now, if a contract and a consent said so. */
  async receivers(): Promise<ReadonlySet<PartyKey>> {
    const receivers = await this.#context.peers.offering('sessions', 'RECEIVER');
    const parties = receivers.filter((it) => this.#hears(it)).flatMap((it) => partiesOf(it.roles, 'SCSP'));
    return new Set(parties.filter((it) => !this.#isHalted(it)));
  }

  /** Tells the one who steers the session, else the first who may; undefined: nobody may steer it who takes wishes. */
  async forward(
    session: StoredSession<OwnSession, Progress>,
    { preferences, correlationId }: { preferences: WireChargingPreferences; correlationId?: string },
  ): Promise<ForwardedPreferences | undefined> {
    for (const reader of await this.#steering(session)) {
      const passed = await this.#tell(reader, { preferences, ...(correlationId !== undefined && { correlationId }) });
      if (!passed) continue;
      const outcome = 'answer' in passed ? passed.answer : passed.problem;
      this.#context.journal.note({ step: 'preferences-passed', session: session.key, peer: reader.peer.id, party: reader.party, outcome });
      return passed;
    }
    return undefined;
  }

  async #steering(session: StoredSession<OwnSession, Progress>): Promise<readonly Reader[]> {
    const { store, clock } = this.#context;
    const [readers, grants, inputs] = await Promise.all([
      this.#readers.of(session),
      store.all(grantsOn(session.key, clock.now())),
      store.all(inputsOf(session.key)),
    ]);
    const allowed = new Set(grants.filter(({ may }) => may.includes('control')).map(({ party }) => party));
    const may = ({ party, peer }: Reader) => allowed.has(party) && partiesOf(peer.roles, 'SCSP').includes(party) && !this.#isHalted(party) && this.#hears(peer);
    const steers = ({ party }: Reader) => inputs.some(({ by }) => by === party);
    return readers.filter(may).toSorted((a, b) => Number(steers(b)) - Number(steers(a)));
  }

  /** Undefined: it does not know the message. */
  async #tell(
    reader: Reader,
    { preferences, correlationId }: { preferences: WireChargingPreferences; correlationId?: string },
  ): Promise<ForwardedPreferences | undefined> {
    const { party, peer, session, ids } = reader;
    const to = clientFor(this.#context, peer, { module: 'sessions', role: 'RECEIVER', withinMs: FORWARD_MS });
    if (!to) return { by: party, problem: 'it is not registered any more' };
    const { country_code, party_id, id: session_id } = session;
    const outcome = await callEndpoint(to.client, passChargingPreferences, {
      base: to.base,
      params: { country_code, party_id, session_id },
      body: knownFields(ChargingPreferences, preferences),
      ids: { ...ids, ...(correlationId !== undefined && { correlationId }) },
    });
    if (outcome.is === 'SUCCESS') return { by: party, answer: outcome.data };
    if (!knowsTheMessage(outcome)) {
      this.#deaf.set(peer.id, { registeredAt: peer.registeredAt, until: this.#context.clock.now() + DEAF_MS });
      return undefined;
    }
    return { by: party, problem: [outcome.because, outcome.message].filter(Boolean).join(': ') };
  }

  #hears({ id, registeredAt }: KnownPeer): boolean {
    const deaf = this.#deaf.get(id);
    return deaf === undefined || deaf.registeredAt !== registeredAt || deaf.until <= this.#context.clock.now();
  }
}

const knowsTheMessage = ({ httpStatus, statusCode }: Extract<Outcome<unknown>, { is: 'FAILED' }>) =>
  httpStatus !== 405 && (httpStatus !== 404 || statusCode === 2001);
