import { fold, type LocationKey, locationKey, type StationId } from '../../domain/ids.ts';
import type { Abilities } from '../../domain/station.ts';
import { epochMicros } from '../../domain/units.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { type StationNow, statusOf } from '../../roles/cpo/evse-status.ts';
import { buildLocation, type EvseNow } from '../../roles/cpo/location.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import type { Window } from '../../store/sql/access.ts';
import { type HeardStatus, saveEvseStatus, statusesOf } from '../../store/sql/evse-status.ts';
import { allOwnLocations, countOwnLocations, ownLocation, ownLocations, saveLocation } from '../../store/sql/location.ts';
import { runningAt } from '../../store/sql/session.ts';
import { allStations, stationById } from '../../store/sql/station.ts';
import type { EvseDirectory, EvsePlace } from '../config/evse-directory.ts';
import { type CoalescedTask, coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';

/** What a location depends on, and who follows it. */
export interface LocationListeners {
  /** A location changed: tell its receivers. */
  changed(key: LocationKey): void;
  /** Whether the wishes of drivers at this EVSE are followed (OCPI 2.2.1 §9.2.1.2). */
  preferencesCapable(evseUid: string): boolean;
}

/** One station, as far as its location tells of it. */
type Seen = StationNow & { abilities: Abilities | undefined };
const AWAY: Seen = { online: false, heard: [], sessions: [], abilities: undefined };
/** Highest number of a connector that is remembered. */
const MOST_CONNECTORS = 32;
/** Locations that are built at once. */
const AT_ONCE = 8;

/** Makes OCPI locations of the configuration and of what charge points say, and keeps them (OCPI 2.2.1 §8.1). */
export class OwnLocations {
  readonly #context: Context;
  readonly #places: EvseDirectory;
  readonly #followers: LocationListeners;
  readonly #seen = new Map<StationId, Seen>();
  /** Stations to be looked at anew. */
  readonly #stale = new Set<StationId>();
  /** Locations by their folded ids. */
  readonly #tasks: CoalescedTask<string>;
  #stopped = false;

  constructor(context: Context, places: EvseDirectory, followers: LocationListeners) {
    this.#context = context;
    this.#places = places;
    this.#followers = followers;
    const reportError = (id: string, error: unknown) => (this.#stopped ? undefined : context.reportError(`location ${id}`, error));
    this.#tasks = coalesce((id) => this.#rebuild(id), reportError, AT_ONCE);
  }

  /** Brings what is stored in line with the configuration, as long as no station is connected yet. */
  async recover(): Promise<void> {
    const { store } = this.#context;
    for (const { id, abilities } of await store.all(allStations<Abilities>())) this.#seen.set(id, { ...AWAY, abilities });
    const stored = await store.all(allOwnLocations<WireLocation>());
    const ids = new Set([...this.#places.locations().map(fold), ...stored.map(({ body }) => fold(body.id))]);
    await Promise.all([...ids].map((id) => this.#rebuild(id)));
  }

  /** Something that is stored of a station changed. */
  stationChanged(station: StationId): void {
    this.#stale.add(station);
    const id = this.#places.locationOf(station);
    if (id !== undefined && !this.#stopped) this.#tasks.wake(fold(id));
  }

  /** The node ends: that its stations lose their connections is no news of them, and what is left half done the next run builds anew. */
  stop(): void {
    this.#stopped = true;
  }

  /** Resolves when what the station said of itself is committed; what it says of EVSEs that nobody configured is not kept. */
  async receiveStatus(station: StationId, told: HeardStatus): Promise<void> {
    const ours = told.evseId === 0 ? told.connectorId === 0 : this.#places.at(station, told.evseId) !== undefined;
    if (!ours || (told.connectorId > MOST_CONNECTORS && told.connectorId !== told.evseId)) return;
    await this.#context.store.commit([saveEvseStatus(station, told)]);
    this.stationChanged(station);
  }

  /** A session at a station is stored; most of its news are energy, which no location tells. */
  sessionChanged(station: StationId, session: OwnSession): void {
    const same = this.#seen.get(station)?.sessions.some((it) => it.evseUid === session.evse_uid && it.status === session.status);
    if (!same) this.stationChanged(station);
  }

  /** What `preferencesCapable` says of this EVSE may be another than before. */
  preferencesChanged(evseUid: string): void {
    const place = this.#places.byUid(evseUid);
    if (place) this.#tasks.wake(fold(place.locationId));
  }

  async page(window: Window): Promise<{ items: WireLocation[]; total: number }> {
    const { store } = this.#context;
    const [stored, total] = await Promise.all([store.all(ownLocations<WireLocation>(window)), store.first(countOwnLocations(window))]);
    return { items: stored.map((it) => it.body), total: total ?? 0 };
  }

  async find(id: string): Promise<WireLocation | undefined> {
    const { country_code, party_id } = this.#siteOf(id);
    return (await this.#context.store.first(ownLocation<WireLocation>(locationKey(country_code, party_id, id))))?.body;
  }

  async #rebuild(id: string): Promise<void> {
    if (this.#stopped) return;
    const { clock, store } = this.#context;
    const places = this.#places.inLocation(id);
    const before = await this.find(id);
    const site = this.#siteOf(places[0]?.locationId ?? before?.id ?? id);
    for (const station of new Set(places.map((it) => it.station))) await this.#look(station);
    const location = buildLocation(
      site,
      places.map((it) => this.#evseNow(it)),
      { before, now: clock.now() },
    );
    if (location.last_updated === before?.last_updated) return;
    const key = locationKey(location.country_code, location.party_id, location.id);
    const lastUpdated = readDateTime(location.last_updated) ?? epochMicros(clock.now() * 1000);
    await store.commit([saveLocation({ key, peer: undefined, lastUpdated, body: location })]);
    this.#context.journal.note({ step: 'location-changed', location: key });
    this.#followers.changed(key);
  }

  #siteOf(id: string) {
    const { parties, locations } = this.#context.config;
    const party = parties.find((it) => it.role === 'CPO');
    const described = locations.find((it) => fold(it.id) === fold(id));
    return { publish: false, ...described, id, country_code: party?.country_code ?? '', party_id: party?.party_id ?? '' };
  }

  #evseNow({ station, evse, plug }: EvsePlace): EvseNow {
    const seen = this.#seen.get(station) ?? AWAY;
    return {
      evse,
      plug,
      status: statusOf(evse, seen),
      followsProfiles: seen.abilities?.smartCharging === true,
      followsPreferences: this.#followers.preferencesCapable(evse.uid),
    };
  }

  async #look(id: StationId): Promise<void> {
    const { store } = this.#context;
    if (!this.#stale.delete(id) && this.#seen.has(id)) return;
    try {
      const [station, heard, sessions] = await Promise.all([
        store.first(stationById<Abilities>(id)),
        store.all(statusesOf(id)),
        store.all(runningAt<OwnSession, Progress>(id)),
      ]);
      const running = sessions.map(({ evseUid, status }) => ({ evseUid, status }));
      this.#seen.set(id, { online: station?.online ?? false, abilities: station?.abilities, heard, sessions: running });
    } catch (error) {
      this.#stale.add(id);
      throw error;
    }
  }
}
