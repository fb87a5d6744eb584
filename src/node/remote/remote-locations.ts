import { fold, type LocationKey, locationKey, type PartyKey, partyKey } from '../../domain/ids.ts';
import { partiesOf } from '../../domain/party.ts';
import { epochMicros } from '../../domain/units.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import type { WireEvse } from '../../ocpi/locations/evse.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { splitLocation } from '../../ocpi/locations/split-location.ts';
import { type EvseName, evseIn, putLocation, type ReceivedLocation } from '../../roles/emsp/receive-location.ts';
import { type RemoteEvse, readRemoteEvse } from '../../roles/emsp/remote-evse.ts';
import { remoteLocation, type StoredLocation, saveLocation } from '../../store/sql/location.ts';
import { dropRemoteEvse, evseOfLocation, evsesOfLocation, type StoredEvse, saveEvse } from '../../store/sql/location-evse.ts';
import type { Write } from '../../store/store.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import { holdsItsEvses, joinRows } from '../core/stored-locations.ts';
import { StoredQuota } from '../core/stored-quota.ts';
import type { ReceiveOutcome } from '../peers/received-object.ts';

/** Names a location as its URL does. */
export interface LocationName {
  country_code: string;
  party_id: string;
  location_id: string;
}

/** What became of a message about a location: see `ReceiveOutcome`; `too large` when the location would exceed the limit of its size. */
export type LocationOutcome = ReceiveOutcome | 'too large';

/** Most characters of one location as JSON; a location grows with each EVSE that a peer puts into it. */
const LARGEST = 1024 * 1024;

/** The locations of peers: receives and stores them (OCPI 2.2.1 §8.2.2). */
export class RemoteLocations {
  readonly #context: Context;
  /** Called when the copy of this peer's locations is stale. */
  readonly #markStale: (peer: KnownPeer['id']) => void;
  /** Messages about one location are merged one after another, also when they arrive at once. */
  readonly #serial = new SerialByKey<LocationKey>();
  readonly #quota: StoredQuota;

  constructor(context: Context, markStale: (peer: KnownPeer['id']) => void) {
    this.#context = context;
    this.#markStale = markStale;
    this.#quota = new StoredQuota(context, 'locations');
  }

  /** Undefined also for a location that the peer does not own. */
  async find(peer: KnownPeer, name: LocationName): Promise<WireLocation | undefined> {
    return owns(peer, name) ? (await this.#read(keyFor(name))).location : undefined;
  }

  /** One EVSE of such a location. */
  async findEvse(peer: KnownPeer, name: LocationName & EvseName): Promise<WireEvse | undefined> {
    const { location } = owns(peer, name) ? await this.#read(keyFor(name), name.evse_uid) : {};
    return location && evseIn(location, name.evse_uid);
  }

  /**
   * Stores what `merge` makes of the stored location. A location that the peer does not own is refused as `foreign` (TRN-35). When
   * the message names an EVSE, `merge` gets the location with that EVSE alone, so that its cost does not grow with the others.
   */
  async receive(
    peer: KnownPeer,
    name: LocationName & Partial<EvseName>,
    merge: (held: WireLocation | undefined) => ReceivedLocation,
  ): Promise<LocationOutcome> {
    if (!owns(peer, name)) return 'foreign';
    return this.#serial.run(keyFor(name), () => this.#merge(peer, name, merge));
  }

  async #merge(peer: KnownPeer, name: LocationName & Partial<EvseName>, merge: (held: WireLocation | undefined) => ReceivedLocation): Promise<LocationOutcome> {
    const held = await this.#read(keyFor(name), name.evse_uid);
    const received = merge(held.location);
    switch (received.is) {
      case 'UNKNOWN':
        this.#markStale(peer.id); // the CPO gets 404 and may PUT the whole location; else the next pull brings it (how-a-request-runs §7)
        return 'unknown';
      case 'OLDER':
        this.#markStale(peer.id);
        return 'changed';
      case 'CREATED':
      case 'CHANGED': {
        const rows = rowsAfter(held, received.location);
        if (rows.size > LARGEST) return 'too large';
        if (!held.stored && !(await this.#quota.take(peer.id, ownerOf(name)))) return 'too many';
        await this.#store(peer, rows, 'push');
        return received.is === 'CREATED' ? 'created' : 'changed';
      }
      default:
        return received satisfies never;
    }
  }

  /** Stores a pulled location in place of the stored one, unless it is older. */
  async replace(peer: KnownPeer, pulled: WireLocation): Promise<ReceiveOutcome> {
    const name = { country_code: pulled.country_code, party_id: pulled.party_id, location_id: pulled.id };
    if (!owns(peer, name)) return 'foreign';
    return this.#serial.run(keyFor(name), async () => {
      const held = await this.#read(keyFor(name));
      if (!held.stored && !(await this.#quota.take(peer.id, ownerOf(name)))) return 'too many';
      const received = putLocation(held.location, pulled);
      if ('location' in received && JSON.stringify(held.location) !== JSON.stringify(pulled)) await this.#store(peer, rowsAfter(held, pulled), 'pull');
      return held.stored ? 'changed' : 'created';
    });
  }

  /** An EVSE at a location of that party; undefined when no peer has sent it. */
  async evseOf(party: PartyKey, locationId: string, evseUid: string): Promise<RemoteEvse | undefined> {
    const [country, id] = party.split('*');
    const { location } = await this.#read(locationKey(country ?? '', id ?? '', locationId), evseUid);
    const evse = location && evseIn(location, evseUid);
    return evse && readRemoteEvse(evse);
  }

  /** The stored location with all its EVSEs, or with one. */
  async #read(key: LocationKey, evseUid?: string): Promise<HeldLocation> {
    const { store } = this.#context;
    const stored = await store.first(remoteLocation<WireLocation>(key));
    if (!stored) return { key, stored, rows: [], location: undefined, evses: 'all' };
    const evses = evseUid === undefined || holdsItsEvses(stored) ? 'all' : 'one';
    const rows = await store.all(evses === 'all' ? evsesOfLocation<WireEvse>(key) : evseOfLocation<WireEvse>(key, evseUid ?? ''));
    return { key, stored, rows, location: joinRows(stored, rows), evses };
  }

  async #store(peer: KnownPeer, { location, writes }: RemoteRows, by: string): Promise<void> {
    const { store, clock, journal } = this.#context;
    const lastUpdated = readDateTime(location.body.last_updated) ?? epochMicros(clock.now() * 1000);
    await store.commit([saveLocation({ ...location, peer: peer.id, lastUpdated }), ...writes]);
    journal.note({ step: 'location-received', location: location.key, peer: peer.id, by });
  }
}

/** A stored location, and the rows that were read of its EVSEs: all of them, or one. */
interface HeldLocation {
  key: LocationKey;
  stored: StoredLocation<WireLocation> | undefined;
  rows: readonly StoredEvse<WireEvse>[];
  location: WireLocation | undefined;
  evses: 'all' | 'one';
}
/** What must be written of a location, and its size as JSON in characters. */
interface RemoteRows {
  location: Omit<StoredLocation<WireLocation>, 'seq' | 'peer' | 'lastUpdated'>;
  writes: readonly Write[];
  size: number;
}

/** The rows of a location after a message. When one EVSE was read, `location` has that EVSE alone. */
function rowsAfter({ key, stored, rows, evses: read }: HeldLocation, location: WireLocation): RemoteRows {
  const { shell, evses } = splitLocation(location);
  const known = new Map(rows.map((it) => [fold(it.body.uid), it]));
  const sizeOf = (all: readonly WireEvse[]) => all.reduce((sum, it) => sum + JSON.stringify(it).length, 0);
  const count = read === 'all' ? evses.length : (stored?.version ?? 0);
  const changed = evses.flatMap((body, n) => {
    const row = known.get(fold(body.uid));
    known.delete(fold(body.uid));
    const place = read === 'all' ? n : (row?.place ?? count);
    const isSame = row?.place === place && JSON.stringify(row.body) === JSON.stringify(body);
    return isSame ? [] : [saveEvse({ location: key, place, version: 0, changed: {}, body }, 'remote')];
  });
  const dropped = [...known.values()].map(({ body }) => dropRemoteEvse(key, body.uid));
  const others = read === 'all' ? 0 : (stored?.chars ?? 0) - sizeOf(rows.map((it) => it.body));
  const chars = others + sizeOf(evses);
  // The version of a remote location is the next free place of an EVSE.
  const version = read === 'one' && rows.length === 0 ? count + 1 : count;
  return {
    location: { key, body: shell, version, changed: {}, chars, audience: 'ALL' },
    writes: [...dropped, ...changed],
    size: JSON.stringify(shell).length + chars,
  };
}

/** A peer may send locations of its own CPO parties only (SEC-16, TRN-35, TRN-37). */
const owns = (peer: KnownPeer, name: LocationName) => partiesOf(peer.roles, 'CPO').includes(ownerOf(name));
const ownerOf = (name: LocationName) => partyKey(name.country_code, name.party_id);
const keyFor = (name: LocationName) => locationKey(name.country_code, name.party_id, name.location_id);
