import { type SessionKey, sessionKey, type StationId } from '../domain/ids.ts';
import { profileIdOf, transactionNumberOf } from '../domain/numbers.ts';
import { keyOf } from '../domain/party.ts';
import type { StationEvent } from '../domain/station.ts';
import type { EpochMillis } from '../domain/units.ts';
import { fold } from '../domain/ids.ts';
import { readDateTime } from '../ocpi/date-time.ts';
import { epochMicros } from '../domain/units.ts';
import { begin, cdrTokenOf, type Charging, complete, isOver, type OwnSession, type Place, proceed, type Progress, reserve, useReservation } from '../roles/cpo/session.ts';
import { addEvent } from '../store/sql/event.ts';
import { giveUpUnsent, readExchange, type StoredExchange } from '../store/sql/exchange.ts';
import { runningAt, saveSession, sessionByKey, sessionOfTransaction, type StoredSession } from '../store/sql/session.ts';
import type { Ground } from './ground.ts';
import type { Places } from './places.ts';

type Stored = StoredSession<OwnSession, Progress>;
type TransactionEvent = Extract<StationEvent, { transactionId: string }>;

/** Turns what charge points tell of transactions into OCPI sessions, and keeps them (SES-01 to SES-21). */
export interface OwnSessions {
  /** Resolves when what was told is committed. */
  heard(station: StationId, event: TransactionEvent): Promise<void>;
  /** OCPP 1.6: the number of a transaction; the same start told twice gets the same one. */
  nameTransaction(station: StationId, start: string): Promise<number>;
  /** A session for a token before its car is there (SES-10). */
  reserve(at: { evseUid: string; tokenUid: string; reference?: string }): Promise<SessionKey | undefined>;
  /** Ends a reservation that was not used (SES-13). */
  endReservation(key: SessionKey): Promise<void>;
}

export interface SessionFollowers {
  /** A session changed: tell its receivers. */
  changed(key: SessionKey): void;
  /** A result is ready, because the session ended before its request was sent. */
  deliver(exchange: StoredExchange): void;
  /** Its charging state changed in a way that may come from a limit. */
  reread(key: SessionKey): void;
}

export function createOwnSessions(ground: Ground, places: Places, followers: SessionFollowers): OwnSessions {
  const { store, clock, config, journal } = ground;
  const party = config.parties.find((it) => it.role === 'CPO');
  const lanes = new Map<StationId, Promise<void>>();

  /** One station's news in the order in which it came. */
  function inOrder(station: StationId, work: () => Promise<void>): Promise<void> {
    const done = (lanes.get(station) ?? Promise.resolve()).then(work);
    const settled = done.then(
      () => undefined,
      () => undefined, // whoever waits for `done` hears of the failure; the next in the lane must not
    );
    lanes.set(station, settled);
    return done;
  }

  const placeOf = (station: StationId, evseId: number | undefined): Place => ({
    countryCode: party?.country_code ?? '',
    partyId: party?.party_id ?? '',
    currency: config.currency,
    locationId: places.locationOf(station) ?? '#NA',
    evse: evseId === undefined ? undefined : places.at(station, evseId)?.evse,
  });

  async function take(station: StationId, event: TransactionEvent): Promise<void> {
    const now = clock.now();
    const stored = await store.first(sessionOfTransaction<OwnSession, Progress>(station, event.transactionId));
    if (!stored) return event.kind === 'transaction-ended' ? undefined : start(station, startOf(event), now);
    const charging: Charging = { wire: stored.body, progress: stored.progress ?? { period: { since: now } } };
    const next = event.kind === 'transaction-ended' ? complete(charging, event, now) : event.kind === 'transaction-updated' ? proceed(charging, event, more(station, event, now)) : charging;
    if (next === charging) return undefined;
    await save(stored.key, { station, transactionId: event.transactionId }, next);
    if (event.kind === 'transaction-updated' && (event.rateChanged || event.suspendedByEvse)) followers.reread(stored.key);
    return undefined;
  }

  const more = (station: StationId, event: Extract<TransactionEvent, { kind: 'transaction-updated' }>, now: EpochMillis) => ({ token: cdrTokenOf(config.tokens, event.idToken), place: placeOf(station, event.evseId), now });

  async function start(station: StationId, event: Extract<StationEvent, { kind: 'transaction-started' }>, now: EpochMillis): Promise<void> {
    const token = cdrTokenOf(config.tokens, event.idToken);
    const place = placeOf(station, event.evseId);
    const reserved = await reservationFor(station, place, token?.uid);
    const charging = reserved ? useReservation({ wire: reserved.body, progress: reserved.progress ?? { period: { since: now } } }, place, { ...event, now }) : begin(ground.draw(), place, { ...event, token, now });
    const { wire } = charging;
    await save(reserved?.key ?? sessionKey(wire.country_code, wire.party_id, wire.id), { station, transactionId: event.transactionId }, { ...charging, progress: { ...charging.progress, mark: markOf(event) } });
  }

  async function reservationFor(station: StationId, place: Place, uid: string | undefined): Promise<Stored | undefined> {
    const running = await store.all(runningAt<OwnSession, Progress>(station));
    return running.find((it) => it.status === 'RESERVATION' && it.body.cdr_token?.uid === uid && (it.evseUid === place.evse?.uid || it.body.evse_uid === '#NA'));
  }

  /** Commits a session; when it is over, also the last word of what still waited for it (async-flow §5). */
  async function save(key: SessionKey, at: { station: StationId; transactionId: string | undefined }, { wire, progress }: Charging): Promise<void> {
    const now = clock.now();
    const ended = isOver(wire);
    const writes = [
      saveSession<OwnSession, Progress>({
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
      }),
      addEvent({ at: now, kind: 'session', session: key, body: wire }),
      ...(ended ? [giveUpUnsent(key, now)] : []),
    ];
    const written = await store.commit(writes);
    for (const row of written[2]?.rows ?? []) followers.deliver(readExchange(row));
    journal.note({ step: 'session-changed', session: key, status: wire.status, kwh: wire.kwh });
    journal.wake();
    followers.changed(key);
  }

  async function nameTransaction(station: StationId, mark: string): Promise<number> {
    for (let attempt = 0; ; attempt++) {
      const number = transactionNumberOf(`${station} ${mark}`, attempt);
      const taken = await store.first(sessionOfTransaction<OwnSession, Progress>(station, String(number)));
      if (!taken || taken.progress?.mark === mark) return number;
    }
  }

  async function reserveFor({ evseUid, tokenUid, reference }: Parameters<OwnSessions['reserve']>[0]): Promise<SessionKey | undefined> {
    const place = places.byUid(evseUid);
    const token = cdrTokenOf(config.tokens, { uid: tokenUid, type: 'RFID' });
    if (!place || !token) return undefined;
    const charging = reserve(ground.draw(), placeOf(place.station, place.evse.evseId), { token, now: clock.now(), ...(reference && { reference }) });
    const key = sessionKey(charging.wire.country_code, charging.wire.party_id, charging.wire.id);
    await save(key, { station: place.station, transactionId: undefined }, charging);
    return key;
  }

  async function endReservation(key: SessionKey): Promise<void> {
    const stored = await store.first(sessionByKey<OwnSession, Progress>(key));
    if (stored?.status !== 'RESERVATION' || !stored.station) return;
    const now = clock.now();
    await save(key, { station: stored.station, transactionId: undefined }, complete({ wire: stored.body, progress: stored.progress ?? { period: { since: now } } }, { at: now, readings: [] }, now));
  }

  return { heard: (station, event) => inOrder(station, () => take(station, event)), nameTransaction, reserve: reserveFor, endReservation };
}

/** News of a transaction whose start was lost is its start. */
function startOf(event: Exclude<TransactionEvent, { kind: 'transaction-ended' }>): Extract<StationEvent, { kind: 'transaction-started' }> {
  if (event.kind === 'transaction-started') return event;
  const { transactionId, at, readings, idToken } = event;
  return { kind: 'transaction-started', evseId: event.evseId ?? 0, transactionId, at, charging: event.charging === true, readings, ...(idToken && { idToken }) };
}

/** What the two tellings of one start have in common. */
export const markOf = (start: { evseId: number; at: EpochMillis; idToken?: { uid: string } }): string => `${start.evseId} ${start.at} ${start.idToken?.uid ?? ''}`;
