import { type DriverId, fold, partyName, type SessionKey, type StationId, sessionKey } from '../../domain/ids.ts';
import { keyOf } from '../../domain/party.ts';
import { profileIdOf, transactionNumberOf } from '../../domain/stable-numbers.ts';
import type { ConnectorStatus, IdToken, StoredActiveProfile, TransactionEnded, TransactionEvent, TransactionReport } from '../../domain/station.ts';
import { type EpochMillis, epochMicros, epochMillis } from '../../domain/units.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import type { CdrToken } from '../../roles/cpo/authorize-token.ts';
import {
  type AuthorizationGrant,
  complete,
  isOver,
  limitMayHaveChanged,
  type OwnSession,
  type Progress,
  reserve,
  type SessionLocation,
  type TrackedSession,
} from '../../roles/cpo/session.ts';
import {
  closeIfDue,
  closesAt,
  followStatus,
  followTransaction,
  type KnownSession,
  mayGetOwner,
  needsRunning,
  type SessionStep,
  unmatchedEnd,
} from '../../roles/cpo/transaction.ts';
import type { Encryption } from '../../store/encryption.ts';
import { driverIdOf } from '../../store/encryption.ts';
import { addEvent } from '../../store/sql/event.ts';
import { saveSample } from '../../store/sql/evidence.ts';
import { endUnsent, readExchange, type StoredExchange } from '../../store/sql/exchange.ts';
import { endInputs } from '../../store/sql/input.ts';
import { runningAt, runningOwn, type StoredSession, saveSession, sessionByKey, sessionOfTransaction } from '../../store/sql/session.ts';
import { endSteering } from '../../store/sql/steering.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import type { Context } from '../core/context.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import type { TokenAuthorizer } from '../tokens/token-authorizer.ts';
import { createJudge, type Judge, type JudgeDependencies, noteAbove } from './judge-metered.ts';

type Stored = StoredSession<OwnSession, Progress>;

/** A session as the decisions know it, with what saving it needs. */
interface Known extends KnownSession {
  key: SessionKey;
  driver: DriverId | undefined;
  active?: StoredActiveProfile | undefined;
}

/** Called when a session of ours changes. */
export interface SessionListeners {
  /** A session changed: its readers must be updated. */
  changed(key: SessionKey, at: { station: StationId; wire: OwnSession }): void;
  /** An exchange has a result because its session ended before its request was sent. */
  deliver(exchange: StoredExchange): void;
  /** The charging state changed in a way that a limit may cause: the active profile must be read again. */
  reread(key: SessionKey): void;
  /** The session runs since before the start of the node. */
  recovered(station: StationId, session: Stored): void;
  /** An event of a transaction took effect; its id is the one of the session. */
  transaction(station: StationId, event: TransactionEvent): void;
}

/** Turns the transactions of charge points into OCPI sessions, and stores them (SES-01 to SES-21). */
export class OwnSessions {
  readonly #context: Context;
  readonly #evses: EvseDirectory;
  readonly #book: TokenAuthorizer;
  readonly #judge: Judge;
  readonly #listeners: SessionListeners;
  /** Events of one charge point are processed in the order in which they arrive. */
  readonly #serial = new SerialByKey<StationId>();
  /** The last stop of each charge point that meant no transaction; it is forgotten at the next start there. */
  readonly #unmatchedEnds = new Map<StationId, TransactionEnded>();

  constructor(context: Context, { evses, book, siteWatts }: JudgeDependencies & { book: TokenAuthorizer }, listeners: SessionListeners) {
    this.#context = context;
    this.#evses = evses;
    this.#book = book;
    this.#judge = createJudge(context, { evses, siteWatts });
    this.#listeners = listeners;
    context.metrics.keep('work in order', () => this.#serial.size);
    context.metrics.keep('stops without a transaction', () => this.#unmatchedEnds.size);
  }

  /** Processes what a charge point reports about a transaction; resolves when it is committed. */
  receive(station: StationId, report: TransactionReport): Promise<void> {
    return this.#serial.run(station, () => this.#process(station, report));
  }

  /** Processes the status of a connector: an available one has no transaction any more. Resolves when it is committed. */
  async receiveStatus(station: StationId, status: ConnectorStatus): Promise<void> {
    const evseUid = this.#evses.byEvseId(station, status.evseId)?.evse.uid;
    if (evseUid === undefined || status.status !== 'Available') return;
    await this.#serial.run(station, async () => {
      const running = (await this.#context.store.all(runningAt<OwnSession, Progress>(station))).map(knownOf);
      for (const step of followStatus(status, { running, evseUid, now: this.#context.clock.now() })) await this.#take(station, step);
    });
  }

  /** Goes on waiting for the ends of transactions that were over when the node stopped. */
  async recover(): Promise<void> {
    for (const stored of await this.#context.store.all(runningOwn<OwnSession, Progress>())) {
      if (!stored.station) continue;
      this.#closeLater(stored.station, knownOf(stored));
      this.#listeners.recovered(stored.station, stored);
    }
  }

  #locationAt(station: StationId, evseId: number | undefined): SessionLocation {
    const party = this.#evses.cpoOf(station);
    return {
      ...(party === undefined ? { countryCode: '', partyId: '' } : partyName(party)),
      currency: this.#context.config.currency,
      locationId: this.#evses.locationOf(station) ?? '#NA',
      evse: evseId === undefined ? undefined : this.#evses.atEvse(station, evseId)?.evse,
    };
  }

  async #process(station: StationId, report: TransactionReport): Promise<void> {
    const { store, clock } = this.#context;
    const { transactionId, evseId } = report;
    const stored = transactionId === undefined ? undefined : await store.first(sessionOfTransaction<OwnSession, Progress>(station, transactionId));
    const named = stored && knownOf(stored);
    const running = needsRunning(report, named) ? (await store.all(runningAt<OwnSession, Progress>(station))).map(knownOf) : [];
    const steps = followTransaction<Known>(report, {
      named,
      running,
      place: this.#locationAt(station, evseId ?? 0),
      isOnlyEvse: this.#evses.ofStation(station).length === 1,
      owner: mayGetOwner(report, named) && 'idToken' in report ? await this.#ownerOf(station, report.idToken) : { token: undefined },
      unmatchedEnd: this.#unmatchedEnds.get(station),
      id: this.#context.newId(),
      now: clock.now(),
    });
    const unmatched = unmatchedEnd(report, steps);
    if (unmatched) this.#unmatchedEnds.set(station, unmatched);
    else if (report.kind === 'transaction-started') this.#unmatchedEnds.delete(station);
    for (const step of steps) await this.#take(station, step);
  }

  /** Commits one step, and does what follows from it. */
  async #take(station: StationId, { before, after, transactionId, event }: SessionStep<Known>): Promise<void> {
    const { wire } = after;
    const key = before?.key ?? sessionKey(wire.country_code, wire.party_id, wire.id);
    const isStart = event?.kind === 'transaction-started' && (before === undefined || before.transactionId === undefined);
    const mark = isStart ? { mark: pseudonymiseMark(this.#context.encryption, station, startMark(event)) } : {};
    const judged = this.#judge(before, after, event);
    const { judged: _, ...progress } = after.progress;
    const next = { ...after, progress: { ...progress, ...mark, ...(judged && { judged }) } };
    await this.#save(key, { station, transactionId, driver: before?.driver, unchanged: before?.wire === wire }, next);
    this.#noteClosing(key, station, { before, after });
    if (judged?.above && !before?.progress.judged?.above) noteAbove(this.#context, { session: key, station, judged });
    if (event) this.#listeners.transaction(station, event);
    if (before && event?.kind === 'transaction-updated' && limitMayHaveChanged(event, before.progress, next.progress)) this.#listeners.reread(key);
    this.#closeLater(station, { key, driver: before?.driver, transactionId, wire, progress: next.progress });
  }

  /** Tells the operator of a session that was closed without its end, and of an end that arrived too late. */
  #noteClosing(session: SessionKey, station: StationId, { before, after }: Pick<SessionStep<Known>, 'before' | 'after'>): void {
    const { closed } = after.progress;
    if (!closed || !before) return;
    const { because, energyAt, later } = closed;
    const { kwh } = after.wire;
    if (before.progress.closed === undefined)
      this.#context.journal.note({ step: 'session-closed-without-end', session, station, because, kwh, ...(energyAt && { energyAt }) });
    else if (later !== undefined) this.#context.journal.note({ step: 'session-end-too-late', session, station, kwh, later });
  }

  /** Closes the session when no message has come about its transaction, which must be over, for some time. */
  #closeLater(station: StationId, { key, ...session }: Known): void {
    const { clock, work } = this.#context;
    const due = closesAt(session);
    if (due === undefined) return;
    clock.after(Math.max(0, due - clock.now()), () =>
      work.start(`end of ${key}`, () =>
        this.#serial.run(station, async () => {
          const stored = await this.#context.store.first(sessionByKey<OwnSession, Progress>(key));
          const step = stored && closeIfDue(knownOf(stored), clock.now());
          if (step) await this.#take(station, step);
        }),
      ),
    );
  }

  async #ownerOf(station: StationId, idToken: IdToken | undefined): Promise<{ token: CdrToken | undefined; grant?: AuthorizationGrant }> {
    const token = await this.#book.find(idToken);
    const grant = token && this.#book.takeAuthorization(station, token);
    return { token, ...(grant && { grant }) };
  }

  /** Commits a session. When it is over, requests that were not sent yet get their result (how-a-request-runs §5), and nobody steers it any more. */
  async #save(
    key: SessionKey,
    at: { station: StationId; transactionId: string | undefined; driver: DriverId | undefined; unchanged?: boolean },
    { wire, progress, samples = [] }: TrackedSession,
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
      ...(wire.status === 'ACTIVE' && { power: progress.power, isAbove: progress.judged?.above !== undefined }),
    };
    const kept = samples.map((it) => saveSample(key, it));
    if (at.unchanged) return void (await this.#context.store.commit([saveSession<OwnSession, Progress>(row), ...kept]));
    const writes = [saveSession<OwnSession, Progress>(row), addEvent({ at: now, kind: 'session', session: key, driver: row.driver, body: wire })];
    const written = await this.#context.store.commit([...writes, ...(ended ? [endUnsent(key, now), endInputs(key), endSteering(key)] : []), ...kept]);
    for (const row of (ended ? written[2]?.rows : undefined) ?? []) this.#listeners.deliver(readExchange(row));
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

/** A reading that was judged by a limit which nobody knows any more is not judged. */
function knownOf({ key, driver, transactionId, body, progress, lastUpdated, activeProfile, limitUnknownSince }: Stored): Known {
  const { judged, ...rest } = progress ?? { period: { since: epochMillis(Math.floor(lastUpdated / 1000)) } };
  return { key, driver, active: activeProfile, transactionId, wire: body, progress: { ...rest, ...(judged && limitUnknownSince === undefined && { judged }) } };
}

/** Identifies the start of a transaction: the message of OCPP 1.6 and the event that is made of it have the same mark. */
export const startMark = (start: { evseId: number; at: EpochMillis; idToken?: { uid: string } }): string =>
  `${start.evseId} ${start.at} ${start.idToken?.uid ?? ''}`;

/** The mark as a pseudonym. The mark holds a token, which could be guessed from a transaction number that is made of it (SEC-47). */
export const pseudonymiseMark = (encryption: Encryption, station: StationId, mark: string): string => encryption.pseudonym('start', `${station} ${mark}`);
