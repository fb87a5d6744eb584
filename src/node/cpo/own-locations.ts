import { fold, type LocationKey, locationKey, type PeerId, partyName, partyOfLocation, type StationId } from '../../domain/ids.ts';
import type { Abilities } from '../../domain/station.ts';
import type { WireEvse } from '../../ocpi/locations/evse.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { buildLocation, descriptionIn, type EvseSnapshot, type LocationDescription } from '../../roles/cpo/build-location.ts';
import { evseStatusOf, type StationSnapshot } from '../../roles/cpo/evse-status.ts';
import { isDescribed } from '../../roles/cpo/location-audience.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { type ReportedStatus, saveEvseStatus, statusesOf } from '../../store/sql/evse-status.ts';
import { allOwnLocations, countOwnLocations, ownLocation, ownLocationFor, ownLocations, type StoredLocation, saveLocation } from '../../store/sql/location.ts';
import { evseOfLocation, evsesOfLocation, evsesOfOwnLocations, saveEvse } from '../../store/sql/location-evse.ts';
import { runningAt } from '../../store/sql/session.ts';
import type { ListWindow } from '../../store/sql/session-rights.ts';
import { allStations, recordCardReader, stationById } from '../../store/sql/station.ts';
import type { ConfiguredEvse, EvseDirectory } from '../config/evse-directory.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import { type CoalescedTask, coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';
import { joinRows, wholeLocation, wholeLocations } from '../core/stored-locations.ts';
import { hideTokens, revealTokens } from './allowed-tokens.ts';
import { type LocationRows, rowsOfEvses, rowsOfLocation } from './location-rows.ts';

/** Called by locations: when one changes, and to learn whether preferences are supported. */
export interface LocationListeners {
  /** A location changed: its receivers must be updated. */
  changed(key: LocationKey): void;
  /** Whether charging preferences are supported at this EVSE (OCPI 2.2.1 §9.2.1.2). */
  preferencesCapable(evseUid: string): boolean;
}

/** What the location of a charge point shows of it. */
type Snapshot = StationSnapshot & { abilities: Abilities | undefined; readsCards: boolean };
const OFFLINE: Snapshot = { online: false, statuses: [], sessions: [], abilities: undefined, readsCards: false };
/** Highest number of a connector whose status is stored. */
const MOST_CONNECTORS = 32;
/** Most locations that are changed at a time. */
const AT_ONCE = 8;
/** EVSEs of one location whose changes are committed together. */
const BATCH_SIZE = 100;

/**
 * Builds OCPI locations from the configuration and the state of charge points, and stores them (OCPI 2.2.1 §8.1). A change of one
 * EVSE reads and writes that EVSE and the location without its EVSEs, however many there are.
 */
export class OwnLocations {
  readonly #context: Context;
  readonly #evses: EvseDirectory;
  readonly #listeners: LocationListeners;
  readonly #snapshots = new Map<StationId, Snapshot>();
  /** Charge points whose snapshot must be read again from the store. */
  readonly #stale = new Set<StationId>();
  /** EVSEs that may have changed, by their location. */
  readonly #pending = new Map<LocationKey, Set<ConfiguredEvse>>();
  /** Locations that must be built as a whole, since the configuration has changed. */
  readonly #outdated = new Set<LocationKey>();
  readonly #tasks: CoalescedTask<LocationKey>;

  constructor(context: Context, evses: EvseDirectory, listeners: LocationListeners) {
    this.#context = context;
    this.#evses = evses;
    this.#listeners = listeners;
    this.#tasks = coalesce(context.work, { name: (key) => `location ${key}`, task: (key) => this.#update(key), atOnce: AT_ONCE });
    context.metrics.keep('charge points shown in locations', () => this.#snapshots.size);
    context.metrics.keep('EVSEs whose location must be updated', () => [...this.#pending.values()].reduce((sum, { size }) => sum + size, 0));
  }

  /** Builds all locations from the configuration; to be called before charge points connect. */
  async recover(): Promise<void> {
    const { store } = this.#context;
    for (const { id, abilities, readsCards } of await store.all(allStations<Abilities>())) this.#snapshots.set(id, { ...OFFLINE, abilities, readsCards });
    const stored = await store.all(allOwnLocations<WireLocation>());
    const keys = new Set([...this.#evses.locations(), ...stored].map(({ key }) => key));
    await Promise.all([...keys].map((key) => this.#rebuild(key)));
  }

  /** The configuration has changed: builds all locations anew, also those that are not in it any more. */
  async reload(): Promise<void> {
    const stored = await this.#context.store.all(allOwnLocations<WireLocation>());
    for (const key of new Set([...this.#evses.locations(), ...stored].map((it) => it.key))) {
      this.#pending.delete(key); // Its EVSEs are those of the configuration before.
      this.#outdated.add(key);
      this.#tasks.wake(key);
    }
  }

  /** The stored state of a charge point changed. */
  stationChanged(station: StationId): void {
    this.#stale.add(station);
    this.#mayHaveChanged(this.#evses.ofStation(station));
  }

  /** Receives a status; resolves when it is committed. The status of an EVSE that is not in the configuration is not stored. */
  async receiveStatus(station: StationId, reported: ReportedStatus): Promise<void> {
    const isOurs = reported.evseId === 0 ? reported.connectorId === 0 : this.#evses.byEvseId(station, reported.evseId) !== undefined;
    if (!isOurs || (reported.connectorId > MOST_CONNECTORS && reported.connectorId !== reported.evseId)) return;
    await this.#context.store.commit([saveEvseStatus(station, reported)]);
    this.stationChanged(station);
  }

  /** A card was read at a charge point: it has a reader. */
  async cardRead(station: StationId): Promise<void> {
    if (this.#snapshots.get(station)?.readsCards) return;
    await this.#context.store.commit([recordCardReader(station)]);
    this.stationChanged(station);
  }

  /** A session is stored. Only a new status changes a location; most updates are of the energy. */
  sessionChanged(station: StationId, session: OwnSession): void {
    const same = this.#snapshots.get(station)?.sessions.some((it) => it.evseUid === session.evse_uid && it.status === session.status);
    if (!same) this.stationChanged(station);
  }

  /** `preferencesCapable` may have changed for this EVSE. */
  preferencesChanged(evseUid: string): void {
    const found = this.#evses.byUid(evseUid);
    if (found) this.#mayHaveChanged([found]);
  }

  /** One page of our locations that the peer is told of, and the number of all in the window. */
  async page(window: ListWindow, peer: PeerId): Promise<{ items: WireLocation[]; total: number }> {
    const { store, clock, config } = this.#context;
    const reader = { peer, now: clock.now() };
    const [stored, total] = await Promise.all([
      wholeLocations(store, ownLocations<WireLocation>(window, reader), evsesOfOwnLocations<WireEvse>(window, reader)),
      store.first(countOwnLocations(window, reader)),
    ]);
    return { items: stored.map((it) => revealTokens(config, it.body)), total: total ?? 0 };
  }

  /** One of our locations, if the peer is told of it; case does not count. */
  async find(id: string, peer: PeerId): Promise<WireLocation | undefined> {
    const { store, config } = this.#context;
    const location = await wholeLocation(store, await this.#stored(id, peer));
    return location && revealTokens(config, location);
  }

  /** One EVSE of our locations, if the peer is told of it; case does not count. */
  async findEvse(locationId: string, uid: string, peer: PeerId): Promise<WireEvse | undefined> {
    const location = await this.#stored(locationId, peer);
    return location && (await this.#context.store.first(evseOfLocation<WireEvse>(location.key, uid)))?.body;
  }

  /** The location of the first of our CPOs that has one with this id. */
  async #stored(id: string, peer: PeerId): Promise<StoredLocation<WireLocation> | undefined> {
    const { store, clock, config } = this.#context;
    for (const party of hostedParties(config, 'CPO')) {
      const { countryCode, partyId } = partyName(party);
      const found = await store.first(ownLocationFor<WireLocation>(locationKey(countryCode, partyId, id), { peer, now: clock.now() }));
      if (found) return found;
    }
    return undefined;
  }

  #mayHaveChanged(evses: readonly ConfiguredEvse[]): void {
    // At a stop charge points lose their connections, which changes no location; the next run rebuilds all of them.
    if (this.#context.work.stopping.aborted) return;
    for (const evse of evses) {
      const { location } = evse;
      const pending = this.#pending.get(location) ?? new Set();
      this.#pending.set(location, pending.add(evse));
      this.#tasks.wake(location);
    }
  }

  /** Builds the EVSEs of one location that may have changed. */
  async #update(key: LocationKey): Promise<void> {
    if (this.#outdated.has(key)) {
      await this.#rebuild(key);
      this.#outdated.delete(key);
    }
    const evses = [...(this.#pending.get(key) ?? [])];
    this.#pending.delete(key);
    try {
      while (evses.length > 0 && !this.#context.work.stopping.aborted) {
        await this.#updateEvses(key, evses.slice(0, BATCH_SIZE));
        evses.splice(0, BATCH_SIZE);
      }
    } catch (error) {
      // The next change of the location takes them along.
      this.#pending.set(key, new Set([...evses, ...(this.#pending.get(key) ?? [])]));
      throw error;
    }
  }

  async #updateEvses(key: LocationKey, evses: readonly ConfiguredEvse[]): Promise<void> {
    const { store, clock } = this.#context;
    await this.#refreshAll(evses);
    const [stored, rows] = await Promise.all([
      store.first(ownLocation<WireLocation>(key)),
      Promise.all(evses.map(({ evse }) => store.first(evseOfLocation<WireEvse>(key, evse.uid)))),
    ]);
    const known = evses.flatMap((it, n) => (rows[n] ? [{ snapshot: this.#evseNow(it), row: rows[n] }] : []));
    if (!stored || known.length < evses.length) return this.#rebuild(key);
    await this.#save(key, rowsOfEvses(stored, known, clock.now()));
  }

  /** Builds a whole location, also its EVSEs that are not in the configuration any more. */
  async #rebuild(key: LocationKey): Promise<void> {
    const { clock, store, work } = this.#context;
    if (work.stopping.aborted) return;
    const evses = this.#evses.inLocation(key);
    const stored = await store.first(ownLocation<WireLocation>(key));
    const rows = await store.all(evsesOfLocation<WireEvse>(key));
    const before = stored && joinRows(stored, rows);
    await this.#refreshAll(evses);
    const location = buildLocation(
      this.#descriptionOf(key, evses[0]?.locationId ?? before?.id ?? key, before),
      evses.map((it) => this.#evseNow(it)),
      { before, now: clock.now() },
    );
    await this.#save(key, rowsOfLocation(location, { stored, rows }, clock.now()));
  }

  async #save(key: LocationKey, rows: LocationRows | undefined): Promise<void> {
    if (!rows) return;
    await this.#context.store.commit([saveLocation(rows.location), ...rows.evses.map((it) => saveEvse(it, 'own'))]);
    this.#context.journal.note({ step: 'location-changed', location: key });
    this.#listeners.changed(key);
  }

  /** The location in the configuration. One that is no longer there keeps its last description: peers know it by that. */
  #descriptionOf(key: LocationKey, id: string, before: WireLocation | undefined): LocationDescription {
    const { countryCode: country_code, partyId: party_id } = partyName(partyOfLocation(key));
    const configured = this.#context.config.locations.find((it) => fold(it.id) === fold(id));
    const own = { id, country_code, party_id };
    const allowed = configured?.publish_allowed_to;
    const hidden = allowed && { publish_allowed_to: hideTokens(this.#context.encryption, allowed) };
    return configured ? { ...configured, ...hidden, ...own } : { publish: false, ...(before && isDescribed(before) && descriptionIn(before)), ...own };
  }

  #evseNow({ station, evse, plug }: ConfiguredEvse): EvseSnapshot {
    const snapshot = this.#snapshots.get(station) ?? OFFLINE;
    return {
      evse,
      plug,
      status: evseStatusOf(evse, snapshot),
      followsProfiles: snapshot.abilities?.smartCharging === true,
      readsCards: snapshot.readsCards,
      followsPreferences: this.#listeners.preferencesCapable(evse.uid),
    };
  }

  async #refreshAll(evses: readonly ConfiguredEvse[]): Promise<void> {
    await Promise.all([...new Set(evses.map((it) => it.station))].map((station) => this.#refresh(station)));
  }

  /** Reads the snapshot of a charge point again when it is stale. */
  async #refresh(id: StationId): Promise<void> {
    const { store } = this.#context;
    if (!this.#stale.delete(id) && this.#snapshots.has(id)) return;
    try {
      const [station, heard, sessions] = await Promise.all([
        store.first(stationById<Abilities>(id)),
        store.all(statusesOf(id)),
        store.all(runningAt<OwnSession, Progress>(id)),
      ]);
      const running = sessions.filter(({ progress }) => !progress?.vacated).map(({ evseUid, status }) => ({ evseUid, status }));
      const { online = false, readsCards = false, abilities } = station ?? {};
      this.#snapshots.set(id, { online, abilities, readsCards, statuses: heard, sessions: running });
    } catch (error) {
      this.#stale.add(id);
      throw error;
    }
  }
}
