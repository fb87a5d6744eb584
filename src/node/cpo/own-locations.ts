import { fold, type LocationKey, locationKey, type StationId } from '../../domain/ids.ts';
import type { Abilities } from '../../domain/station.ts';
import { epochMicros } from '../../domain/units.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { buildLocation, type EvseSnapshot } from '../../roles/cpo/build-location.ts';
import { evseStatusOf, type StationSnapshot } from '../../roles/cpo/evse-status.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { type ReportedStatus, saveEvseStatus, statusesOf } from '../../store/sql/evse-status.ts';
import { allOwnLocations, countOwnLocations, ownLocation, ownLocations, saveLocation } from '../../store/sql/location.ts';
import { runningAt } from '../../store/sql/session.ts';
import type { ListWindow } from '../../store/sql/session-rights.ts';
import { allStations, stationById } from '../../store/sql/station.ts';
import type { ConfiguredEvse, EvseDirectory } from '../config/evse-directory.ts';
import { type CoalescedTask, coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';

/** Called by locations: when one changes, and to learn whether preferences are supported. */
export interface LocationListeners {
  /** A location changed: its receivers must be updated. */
  changed(key: LocationKey): void;
  /** Whether charging preferences are supported at this EVSE (OCPI 2.2.1 §9.2.1.2). */
  preferencesCapable(evseUid: string): boolean;
}

/** What the location of a charge point shows of it. */
type Snapshot = StationSnapshot & { abilities: Abilities | undefined };
const OFFLINE: Snapshot = { online: false, statuses: [], sessions: [], abilities: undefined };
/** Highest number of a connector whose status is stored. */
const MOST_CONNECTORS = 32;
/** Most locations that are built at a time. */
const AT_ONCE = 8;

/** Builds OCPI locations from the configuration and the state of charge points, and stores them (OCPI 2.2.1 §8.1). */
export class OwnLocations {
  readonly #context: Context;
  readonly #evses: EvseDirectory;
  readonly #listeners: LocationListeners;
  readonly #snapshots = new Map<StationId, Snapshot>();
  /** Charge points whose snapshot must be read again from the store. */
  readonly #stale = new Set<StationId>();
  /** Locations by their folded ids. */
  readonly #tasks: CoalescedTask<string>;

  constructor(context: Context, evses: EvseDirectory, listeners: LocationListeners) {
    this.#context = context;
    this.#evses = evses;
    this.#listeners = listeners;
    this.#tasks = coalesce(context.work, { name: (id) => `location ${id}`, task: (id) => this.#rebuild(id), atOnce: AT_ONCE });
    context.metrics.keep('charge points shown in locations', () => this.#snapshots.size);
  }

  /** Rebuilds all locations from the configuration; to be called before charge points connect. */
  async recover(): Promise<void> {
    const { store } = this.#context;
    for (const { id, abilities } of await store.all(allStations<Abilities>())) this.#snapshots.set(id, { ...OFFLINE, abilities });
    const stored = await store.all(allOwnLocations<WireLocation>());
    const ids = new Set([...this.#evses.locations().map(fold), ...stored.map(({ body }) => fold(body.id))]);
    await Promise.all([...ids].map((id) => this.#rebuild(id)));
  }

  /** The stored state of a charge point changed. */
  stationChanged(station: StationId): void {
    this.#stale.add(station);
    const id = this.#evses.locationOf(station);
    if (id !== undefined) this.#tasks.wake(fold(id));
  }

  /** Receives a status; resolves when it is committed. The status of an EVSE that is not in the configuration is not stored. */
  async receiveStatus(station: StationId, reported: ReportedStatus): Promise<void> {
    const isOurs = reported.evseId === 0 ? reported.connectorId === 0 : this.#evses.byEvseId(station, reported.evseId) !== undefined;
    if (!isOurs || (reported.connectorId > MOST_CONNECTORS && reported.connectorId !== reported.evseId)) return;
    await this.#context.store.commit([saveEvseStatus(station, reported)]);
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
    if (found) this.#tasks.wake(fold(found.locationId));
  }

  /** One page of our locations, and the number of all in the window. */
  async page(window: ListWindow): Promise<{ items: WireLocation[]; total: number }> {
    const { store } = this.#context;
    const [stored, total] = await Promise.all([store.all(ownLocations<WireLocation>(window)), store.first(countOwnLocations(window))]);
    return { items: stored.map((it) => it.body), total: total ?? 0 };
  }

  /** One of our locations; case does not count. */
  async find(id: string): Promise<WireLocation | undefined> {
    const { country_code, party_id } = this.#descriptionOf(id);
    return (await this.#context.store.first(ownLocation<WireLocation>(locationKey(country_code, party_id, id))))?.body;
  }

  async #rebuild(id: string): Promise<void> {
    const { clock, store, work } = this.#context;
    // At a stop charge points lose their connections, which changes no location; the next run rebuilds all of them.
    if (work.stopping.aborted) return;
    const evses = this.#evses.inLocation(id);
    const before = await this.find(id);
    const description = this.#descriptionOf(evses[0]?.locationId ?? before?.id ?? id);
    for (const station of new Set(evses.map((it) => it.station))) await this.#refresh(station);
    const location = buildLocation(
      description,
      evses.map((it) => this.#evseNow(it)),
      { before, now: clock.now() },
    );
    if (location.last_updated === before?.last_updated) return;
    const key = locationKey(location.country_code, location.party_id, location.id);
    const lastUpdated = readDateTime(location.last_updated) ?? epochMicros(clock.now() * 1000);
    await store.commit([saveLocation({ key, peer: undefined, lastUpdated, body: location })]);
    this.#context.journal.note({ step: 'location-changed', location: key });
    this.#listeners.changed(key);
  }

  /** The location in the configuration, with the ids of our CPO party. */
  #descriptionOf(id: string) {
    const { parties, locations } = this.#context.config;
    const party = parties.find((it) => it.role === 'CPO');
    const configured = locations.find((it) => fold(it.id) === fold(id));
    return { publish: false, ...configured, id, country_code: party?.country_code ?? '', party_id: party?.party_id ?? '' };
  }

  #evseNow({ station, evse, plug }: ConfiguredEvse): EvseSnapshot {
    const snapshot = this.#snapshots.get(station) ?? OFFLINE;
    return {
      evse,
      plug,
      status: evseStatusOf(evse, snapshot),
      followsProfiles: snapshot.abilities?.smartCharging === true,
      followsPreferences: this.#listeners.preferencesCapable(evse.uid),
    };
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
      const running = sessions.map(({ evseUid, status }) => ({ evseUid, status }));
      this.#snapshots.set(id, { online: station?.online ?? false, abilities: station?.abilities, statuses: heard, sessions: running });
    } catch (error) {
      this.#stale.add(id);
      throw error;
    }
  }
}
