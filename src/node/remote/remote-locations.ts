import { type LocationKey, locationKey, type PartyKey, partyKey } from '../../domain/ids.ts';
import { partiesOf } from '../../domain/party.ts';
import { epochMicros } from '../../domain/units.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { evseIn, putLocation, type ReceivedLocation } from '../../roles/emsp/receive-location.ts';
import { type RemoteEvse, readRemoteEvse } from '../../roles/emsp/remote-evse.ts';
import { remoteLocation, saveLocation } from '../../store/sql/location.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { SerialByKey } from '../core/serial-by-key.ts';

/** Names a location as its URL does. */
export interface LocationName {
  country_code: string;
  party_id: string;
  location_id: string;
}

/** What became of a message about a location: see `ReceiveOutcome`; `too large` when the location would exceed the limit of its size. */
export type LocationOutcome = 'created' | 'changed' | 'foreign' | 'unknown' | 'too large';

/** Most characters of one location as JSON; a location grows with each EVSE that a peer puts into it. */
const LARGEST = 1024 * 1024;

/** The locations of peers: receives and stores them (OCPI 2.2.1 §8.2.2). */
export class RemoteLocations {
  readonly #context: Context;
  /** Called when the copy of this peer's locations is stale. */
  readonly #markStale: (peer: KnownPeer['id']) => void;
  /** Messages about one location are merged one after another, also when they arrive at once. */
  readonly #serial = new SerialByKey<LocationKey>();

  constructor(context: Context, markStale: (peer: KnownPeer['id']) => void) {
    this.#context = context;
    this.#markStale = markStale;
  }

  /** Undefined also for a location that the peer does not own. */
  async find(peer: KnownPeer, name: LocationName): Promise<WireLocation | undefined> {
    return owns(peer, name) ? this.#held(keyFor(name)) : undefined;
  }

  /** Stores what `merge` makes of the stored location. A location that the peer does not own is refused as `foreign` (TRN-35). */
  async receive(peer: KnownPeer, name: LocationName, merge: (held: WireLocation | undefined) => ReceivedLocation): Promise<LocationOutcome> {
    if (!owns(peer, name)) return 'foreign';
    const key = keyFor(name);
    return this.#serial.run(key, () => this.#merge(peer, key, merge));
  }

  async #merge(peer: KnownPeer, key: LocationKey, merge: (held: WireLocation | undefined) => ReceivedLocation): Promise<LocationOutcome> {
    const received = merge(await this.#held(key));
    switch (received.is) {
      case 'UNKNOWN':
        this.#markStale(peer.id); // the CPO gets 404 and may PUT the whole location; else the next pull brings it (how-a-request-runs §7)
        return 'unknown';
      case 'OLDER':
        this.#markStale(peer.id);
        return 'changed';
      case 'CREATED':
      case 'CHANGED':
        if (JSON.stringify(received.location).length > LARGEST) return 'too large';
        await this.#store(peer, key, { location: received.location, by: 'push' });
        return received.is === 'CREATED' ? 'created' : 'changed';
      default:
        return received satisfies never;
    }
  }

  /** Stores a pulled location in place of the stored one, unless it is older. */
  async replace(peer: KnownPeer, pulled: WireLocation): Promise<void> {
    const name = { country_code: pulled.country_code, party_id: pulled.party_id, location_id: pulled.id };
    if (!owns(peer, name)) return;
    const key = keyFor(name);
    await this.#serial.run(key, async () => {
      const held = await this.#held(key);
      const received = putLocation(held, pulled);
      if ('location' in received && JSON.stringify(held) !== JSON.stringify(pulled)) await this.#store(peer, key, { location: pulled, by: 'pull' });
    });
  }

  /** An EVSE at a location of that party; undefined when no peer has sent it. */
  async evseOf(party: PartyKey, locationId: string, evseUid: string): Promise<RemoteEvse | undefined> {
    const [country, id] = party.split('*');
    const location = await this.#held(locationKey(country ?? '', id ?? '', locationId));
    const evse = location && evseIn(location, evseUid);
    return evse && readRemoteEvse(evse);
  }

  async #held(key: LocationKey): Promise<WireLocation | undefined> {
    return (await this.#context.store.first(remoteLocation<WireLocation>(key)))?.body;
  }

  async #store(peer: KnownPeer, key: LocationKey, { location, by }: { location: WireLocation; by: string }): Promise<void> {
    const { store, clock, journal } = this.#context;
    const lastUpdated = readDateTime(location.last_updated) ?? epochMicros(clock.now() * 1000);
    await store.commit([saveLocation({ key, peer: peer.id, lastUpdated, body: location })]);
    journal.note({ step: 'location-received', location: key, peer: peer.id, by });
  }
}

/** A peer may send locations of its own CPO parties only (SEC-16, TRN-35, TRN-37). */
const owns = (peer: KnownPeer, name: LocationName) => partiesOf(peer.roles, 'CPO').includes(partyKey(name.country_code, name.party_id));
const keyFor = (name: LocationName) => locationKey(name.country_code, name.party_id, name.location_id);
