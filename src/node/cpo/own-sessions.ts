import { type DriverId, fold, type SessionKey, type StationId, sessionKey } from '../../domain/ids.ts';
import { keyOf } from '../../domain/party.ts';
import { profileIdOf, transactionNumberOf } from '../../domain/stable-numbers.ts';
import type { IdToken, StationEvent } from '../../domain/station.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { epochMicros } from '../../domain/units.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import type { CdrToken } from '../../roles/cpo/authorize-token.ts';
import {
  type AuthorizationGrant,
  begin,
  complete,
  isOver,
  limitMayHaveChanged,
  type OwnSession,
  type Progress,
  proceed,
  reserve,
  type SessionLocation,
  type TrackedSession,
  useReservation,
} from '../../roles/cpo/session.ts';
import type { Encryption } from '../../store/encryption.ts';
import { driverIdOf } from '../../store/encryption.ts';
import { addEvent } from '../../store/sql/event.ts';
import { endUnsent, readExchange, type StoredExchange } from '../../store/sql/exchange.ts';
import { endInputs } from '../../store/sql/input.ts';
import { runningAt, type StoredSession, saveSession, sessionByKey, sessionOfTransaction } from '../../store/sql/session.ts';
import { endSteering } from '../../store/sql/steering.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import type { Context } from '../core/context.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import type { TokenAuthorizer } from '../tokens/token-authorizer.ts';

type Stored = StoredSession<OwnSession, Progress>;
type TransactionEvent = Extract<StationEvent, { transactionId: string }>;

/** Called when a session of ours changes. */
export interface SessionListeners {
  /** A session changed: its readers must be updated. */
  changed(key: SessionKey, at: { station: StationId; wire: OwnSession }): void;
  /** An exchange has a result because its session ended before its request was sent. */
  deliver(exchange: StoredExchange): void;
  /** The charging state changed in a way that a limit may cause: the active profile must be read again. */
  reread(key: SessionKey): void;
}

/** Turns the transactions of charge points into OCPI sessions, and stores them (SES-01 to SES-21). */
export class OwnSessions {
  readonly #context: Context;
  readonly #evses: EvseDirectory;
  readonly #book: TokenAuthorizer;
  readonly #listeners: SessionListeners;
  /** Events of one charge point are processed in the order in which they arrive. */
  readonly #serial = new SerialByKey<StationId>();

  constructor(context: Context, { evses, book }: { evses: EvseDirectory; book: TokenAuthorizer }, listeners: SessionListeners) {
    this.#context = context;
    this.#evses = evses;
    this.#book = book;
    this.#listeners = listeners;
    context.metrics.keep('work in order', () => this.#serial.size);
  }

  /** Processes an event of a transaction; resolves when it is committed. */
  receive(station: StationId, event: TransactionEvent): Promise<void> {
    return this.#serial.run(station, () => this.#process(station, event));
  }

  #locationAt(station: StationId, evseId: number | undefined): SessionLocation {
    const { parties, currency } = this.#context.config;
    const party = parties.find((it) => it.role === 'CPO');
    return {
      countryCode: party?.country_code ?? '',
      partyId: party?.party_id ?? '',
      currency,
      locationId: this.#evses.locationOf(station) ?? '#NA',
      evse: evseId === undefined ? undefined : this.#evses.byEvseId(station, evseId)?.evse,
    };
  }

  async #process(station: StationId, event: TransactionEvent): Promise<void> {
    const now = this.#context.clock.now();
    const stored = await this.#context.store.first(sessionOfTransaction<OwnSession, Progress>(station, event.transactionId));
    if (!stored) return event.kind === 'transaction-ended' ? undefined : this.#start(station, asStart(event), now);
    const charging: TrackedSession = { wire: stored.body, progress: stored.progress ?? { period: { since: now } } };
    const next = await this.#next(charging, station, event);
    if (next === charging) return undefined;
    await this.#save(stored.key, { station, transactionId: event.transactionId, driver: stored.driver, unchanged: next.wire === charging.wire }, next);
    if (event.kind === 'transaction-updated' && limitMayHaveChanged(event, charging.progress, next.progress)) this.#listeners.reread(stored.key);
    return undefined;
  }

  async #next(charging: TrackedSession, station: StationId, event: TransactionEvent): Promise<TrackedSession> {
    const now = this.#context.clock.now();
    switch (event.kind) {
      case 'transaction-started':
        return charging;
      case 'transaction-updated':
        return proceed(charging, event, { ...(await this.#newOwner(charging, station, event.idToken)), place: this.#locationAt(station, event.evseId), now });
      case 'transaction-ended':
        return complete(charging, event, now);
      default:
        return event satisfies never;
    }
  }

  async #start(station: StationId, event: Extract<StationEvent, { kind: 'transaction-started' }>, now: EpochMillis): Promise<void> {
    const owner = await this.#ownerOf(station, event.idToken);
    const location = this.#locationAt(station, event.evseId);
    const reserved = await this.#reservationFor(station, location, owner.token?.uid);
    const charging = reserved
      ? useReservation({ wire: reserved.body, progress: reserved.progress ?? { period: { since: now } } }, location, { ...event, now, ...owner })
      : begin(this.#context.newId(), location, { ...event, now, ...owner });
    const { wire } = charging;
    await this.#save(
      reserved?.key ?? sessionKey(wire.country_code, wire.party_id, wire.id),
      { station, transactionId: event.transactionId, driver: reserved?.driver },
      { ...charging, progress: { ...charging.progress, mark: pseudonymiseMark(this.#context.encryption, station, startMark(event)) } },
    );
  }

  /** No token when the session has an owner already: the owner never changes. */
  async #newOwner(
    { wire }: TrackedSession,
    station: StationId,
    idToken: IdToken | undefined,
  ): Promise<{ token: CdrToken | undefined; grant?: AuthorizationGrant }> {
    return wire.cdr_token ? { token: undefined } : this.#ownerOf(station, idToken);
  }

  async #ownerOf(station: StationId, idToken: IdToken | undefined): Promise<{ token: CdrToken | undefined; grant?: AuthorizationGrant }> {
    const token = await this.#book.find(idToken);
    const grant = token && this.#book.takeAuthorization(station, token);
    return { token, ...(grant && { grant }) };
  }

  async #reservationFor(station: StationId, { evse }: SessionLocation, uid: string | undefined): Promise<Stored | undefined> {
    const running = await this.#context.store.all(runningAt<OwnSession, Progress>(station));
    return running.find((it) => it.status === 'RESERVATION' && it.body.cdr_token?.uid === uid && (it.evseUid === evse?.uid || it.body.evse_uid === '#NA'));
  }

  /** Commits a session. When it is over, requests that were not sent yet get their result (how-a-request-runs §5), and nobody steers it any more. */
  async #save(
    key: SessionKey,
    at: { station: StationId; transactionId: string | undefined; driver: DriverId | undefined; unchanged?: boolean },
    { wire, progress }: TrackedSession,
  ): Promise<void> {
    const now = this.#context.clock.now();
    const ended = isOver(wire);
    const row = {
      key,
      peer: undefined,
      foldedId: fold(wire.id),
      tokenParty: wire.cdr_token && keyOf(wire.cdr_token),
      status: wire.status,
      lastUpdated: readDateTime(wire.last_updated) ?? epochMicros(now * 1000),
      body: wire,
      station: at.station,
      evseUid: wire.evse_uid,
      transactionId: at.transactionId,
      profileId: profileIdOf(key),
      progress,
      driver: at.driver ?? (wire.cdr_token && driverIdOf(this.#context.encryption, wire.cdr_token.uid)),
      receiver: undefined,
      locationId: wire.location_id,
    };
    if (at.unchanged) return void (await this.#context.store.commit([saveSession<OwnSession, Progress>(row)]));
    const writes = [saveSession<OwnSession, Progress>(row), addEvent({ at: now, kind: 'session', session: key, driver: row.driver, body: wire })];
    const written = await this.#context.store.commit([...writes, ...(ended ? [endUnsent(key, now), endInputs(key), endSteering(key)] : [])]);
    for (const row of written[2]?.rows ?? []) this.#listeners.deliver(readExchange(row));
    this.#context.journal.note({ step: 'session-changed', session: key, status: wire.status, kwh: wire.kwh });
    this.#context.journal.eventsCommitted();
    this.#listeners.changed(key, { station: at.station, wire });
  }

  /** OCPP 1.6: assigns the number of a transaction. A start that is sent twice gets the same number. */
  async numberTransaction(station: StationId, mark: string): Promise<number> {
    const pseudonym = pseudonymiseMark(this.#context.encryption, station, mark);
    for (let attempt = 0; ; attempt++) {
      const number = transactionNumberOf(pseudonym, attempt);
      const taken = await this.#context.store.first(sessionOfTransaction<OwnSession, Progress>(station, String(number)));
      if (!taken || taken.progress?.mark === pseudonym) return number;
    }
  }

  /** Creates a session for a token before the car arrives (SES-10). Undefined when there is no such EVSE or token. */
  async reserve({ evseUid, tokenUid, reference }: { evseUid: string; tokenUid: string; reference?: string }): Promise<SessionKey | undefined> {
    const found = this.#evses.byUid(evseUid);
    const token = await this.#book.find({ uid: tokenUid, type: 'RFID' });
    if (!found || !token) return undefined;
    const charging = reserve(this.#context.newId(), this.#locationAt(found.station, found.evse.evseId), {
      token,
      now: this.#context.clock.now(),
      ...(reference && { reference }),
    });
    const key = sessionKey(charging.wire.country_code, charging.wire.party_id, charging.wire.id);
    await this.#save(key, { station: found.station, transactionId: undefined, driver: undefined }, charging);
    return key;
  }

  /** Ends a reservation that no car used (SES-13); in the order of the events of its charge point, since a car may be about to use it. */
  async endReservation(key: SessionKey): Promise<void> {
    const at = (await this.#context.store.first(sessionByKey<OwnSession, Progress>(key)))?.station;
    if (at) await this.#serial.run(at, () => this.#endReservation(key));
  }

  async #endReservation(key: SessionKey): Promise<void> {
    const stored = await this.#context.store.first(sessionByKey<OwnSession, Progress>(key));
    if (stored?.status !== 'RESERVATION' || !stored.station) return;
    const now = this.#context.clock.now();
    await this.#save(
      key,
      { station: stored.station, transactionId: undefined, driver: stored.driver },
      complete({ wire: stored.body, progress: stored.progress ?? { period: { since: now } } }, { at: now, readings: [] }, now),
    );
  }
}

/** An update of a transaction whose start was lost counts as the start. */
function asStart(event: Exclude<TransactionEvent, { kind: 'transaction-ended' }>): Extract<StationEvent, { kind: 'transaction-started' }> {
  if (event.kind === 'transaction-started') return event;
  const { transactionId, at, readings, idToken } = event;
  return {
    kind: 'transaction-started',
    evseId: event.evseId ?? 0,
    transactionId,
    at,
    charging: event.charging === true,
    readings,
    ...(idToken && { idToken }),
  };
}

/** Identifies the start of a transaction: the message of OCPP 1.6 and the event that is made of it have the same mark. */
export const startMark = (start: { evseId: number; at: EpochMillis; idToken?: { uid: string } }): string =>
  `${start.evseId} ${start.at} ${start.idToken?.uid ?? ''}`;

/** The mark as a pseudonym. The mark holds a token, which could be guessed from a transaction number that is made of it (SEC-47). */
export const pseudonymiseMark = (encryption: Encryption, station: StationId, mark: string): string => encryption.pseudonym('start', `${station} ${mark}`);
