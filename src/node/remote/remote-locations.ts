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

/** What became of a message about a location. */
export type LocationOutcome = 'created' | 'changed' | 'foreign' | 'unknown' | 'too large';

/** Most characters of one location in the store; a location grows by each EVSE that is put into it. */
const LARGEST = 1024 * 1024;

/** The locations that peers tell us of (OCPI 2.2.1 §8.2.2). */
export class RemoteLocations {
  readonly #context: Context;
  /** Something was told that leaves a markStale: pull from that peer. */
  readonly #markStale: (peer: KnownPeer['id']) => void;
  /** Each message is merged into what the one before left, also when they come at once. */
  readonly #turns = new SerialByKey<LocationKey>();

  constructor(context: Context, markStale: (peer: KnownPeer['id']) => void) {
    this.#context = context;
    this.#markStale = markStale;
  }

  async find(peer: KnownPeer, name: LocationName): Promise<WireLocation | undefined> {
    return owns(peer, name) ? this.#held(keyFor(name)) : undefined;
  }

  /** Keeps what `merge` makes of what is held; nothing of it when the location is none of this peer's (TRN-35). */
  async receive(peer: KnownPeer, name: LocationName, merge: (held: WireLocation | undefined) => ReceivedLocation): Promise<LocationOutcome> {
    if (!owns(peer, name)) return 'foreign';
    const key = keyFor(name);
    return this.#turns.run(key, () => this.#take(peer, key, merge));
  }

  async #take(peer: KnownPeer, key: LocationKey, merge: (held: WireLocation | undefined) => ReceivedLocation): Promise<LocationOutcome> {
    const received = merge(await this.#held(key));
    switch (received.is) {
      case 'UNKNOWN':
        this.#markStale(peer.id); // its CPO hears 404 and may PUT the whole; if it does not, it is pulled (how-a-request-runs §7)
        return 'unknown';
      case 'OLDER':
        this.#markStale(peer.id);
        return 'changed';
      case 'CREATED':
      case 'CHANGED':
        if (JSON.stringify(received.location).length > LARGEST) return 'too large';
        await this.#keep(peer, key, { location: received.location, by: 'push' });
        return received.is === 'CREATED' ? 'created' : 'changed';
      default:
        return received satisfies never;
    }
  }

  /** Pulled from the peer: what it says is all there is; not kept when it is older than what is held. */
  async replace(peer: KnownPeer, told: WireLocation): Promise<void> {
    const name = { country_code: told.country_code, party_id: told.party_id, location_id: told.id };
    if (!owns(peer, name)) return;
    const key = keyFor(name);
    await this.#turns.run(key, async () => {
      const held = await this.#held(key);
      const received = putLocation(held, told);
      if ('location' in received && JSON.stringify(held) !== JSON.stringify(told)) await this.#keep(peer, key, { location: told, by: 'pull' });
    });
  }

  /** An EVSE at a location of that party, for whoever plans a charge there; undefined when nobody told us of it. */
  async evseOf(party: PartyKey, locationId: string, evseUid: string): Promise<RemoteEvse | undefined> {
    const [country, id] = party.split('*');
    const location = await this.#held(locationKey(country ?? '', id ?? '', locationId));
    const evse = location && evseIn(location, evseUid);
    return evse && readRemoteEvse(evse);
  }

  async #held(key: LocationKey): Promise<WireLocation | undefined> {
    return (await this.#context.store.first(remoteLocation<WireLocation>(key)))?.body;
  }

  async #keep(peer: KnownPeer, key: LocationKey, { location, by }: { location: WireLocation; by: string }): Promise<void> {
    const { store, clock, journal } = this.#context;
    const lastUpdated = readDateTime(location.last_updated) ?? epochMicros(clock.now() * 1000);
    await store.commit([saveLocation({ key, peer: peer.id, lastUpdated, body: location })]);
    journal.note({ step: 'location-received', location: key, peer: peer.id, by });
  }
}

/** Only a CPO speaks of locations, and only of those of its own parties (SEC-16, TRN-35, TRN-37). */
const owns = (peer: KnownPeer, name: LocationName) => partiesOf(peer.roles, 'CPO').includes(partyKey(name.country_code, name.party_id));
const keyFor = (name: LocationName) => locationKey(name.country_code, name.party_id, name.location_id);
