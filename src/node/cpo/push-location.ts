import type { LocationKey, PeerId } from '../../domain/ids.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import type { PartyName } from '../../ocpi/headers.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { patchEvse, patchLocation } from '../../ocpi/locations/patch-location.ts';
import { putEvse, putLocation } from '../../ocpi/locations/put-location.ts';
import { readBackLocation } from '../../ocpi/locations/read-back-location.ts';
import { type LocationChange, locationChanges } from '../../roles/cpo/location-changes.ts';
import { ownLocation } from '../../store/sql/location.ts';
import { allLocationPushes, failedLocationPushes, locationPushOf, saveLocationPush } from '../../store/sql/location-push.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { createPushQueue, type HeldCopy, heldCopy, type PushQueue } from '../exchanges/push-queue.ts';
import { clientFor } from '../peers/peer-client.ts';

/** One location at one receiver. */
interface Receiver {
  key: LocationKey;
  peer: KnownPeer;
  /** Sends one change; resolves with whether it arrived. */
  send(change: LocationChange): Promise<boolean>;
  readBack(): Promise<HeldCopy<WireLocation>>;
}

/** Most pushes at a time. */
const AT_ONCE = 16;

/** Pushes our locations to all receivers: the newest state, never a queue of old messages (OCPI 2.2.1 §8.1, TRN-33, TRN-53). */
export class LocationPushes {
  readonly #context: Context;
  readonly #queue: PushQueue<LocationKey, PeerId>;

  constructor(context: Context) {
    this.#context = context;
    this.#queue = createPushQueue(context, (key, peer) => this.#push(key, peer), AT_ONCE);
  }

  /** A location changed: pushes it soon. */
  changed(key: LocationKey): void {
    this.#context.work.start(`location ${key}`, async () => {
      for (const peer of await this.#context.peers.offering('locations', 'RECEIVER')) this.#queue.wake(key, peer.id);
    });
  }

  async #push(key: LocationKey, id: PeerId): Promise<void> {
    const { peers, store } = this.#context;
    const peer = await peers.find(id);
    const location = (await store.first(ownLocation<WireLocation>(key)))?.body;
    const to = peer && location && this.#receiver(key, peer, location);
    if (!to) return;
    const state = await store.first(locationPushOf<WireLocation>(key, id));
    const held = state?.failed ? await to.readBack() : ({ is: 'KNOWN', object: state?.acknowledged } as const);
    if (held.is === 'UNKNOWN') return;
    const changes = locationChanges(held.object, location);
    if (state && !state.failed && changes.length === 0) return;
    await this.#send(location, changes, to);
  }

  async #send(location: WireLocation, changes: readonly LocationChange[], to: Receiver): Promise<void> {
    for (const change of changes) {
      if (await to.send(change)) continue;
      return this.#record(to, (await this.#repair(location, change, to)) ? location : undefined, 'PUT');
    }
    return this.#record(to, location, [...new Set(changes.map((it) => it.by))].join(' and ') || 'as it is');
  }

  /** TRN-33: reads the receiver's copy after a push that failed. When the copy differs, sends the whole object once. */
  async #repair(location: WireLocation, failed: LocationChange, to: Receiver): Promise<boolean> {
    if ('location' in failed) return false;
    const copy = await to.readBack();
    if (copy.is === 'UNKNOWN') return false;
    return locationChanges(copy.object, location).length === 0 || to.send({ by: 'PUT', location });
  }

  async #record({ key, peer }: Receiver, acknowledged: WireLocation | undefined, by: string): Promise<void> {
    const { store, metrics, journal } = this.#context;
    await store.commit([saveLocationPush({ location: key, peer: peer.id, acknowledged, failed: acknowledged === undefined })]);
    const outcome = acknowledged ? 'DELIVERED' : 'UNDELIVERED';
    metrics.pushes.inc({ what: 'location', outcome });
    journal.note({ step: 'location-pushed', location: key, peer: peer.id, by, outcome });
  }

  /** Undefined when the peer is not registered any more, or takes no locations. */
  #receiver(key: LocationKey, peer: KnownPeer, { country_code, party_id, id: location_id }: WireLocation): Receiver | undefined {
    const module = clientFor(this.#context, peer, { module: 'locations', role: 'RECEIVER' });
    if (!module) return undefined;
    const { client, base } = module;
    const to = addresseeAt(peer);
    const params = { country_code, party_id, location_id };
    const call = { base, query: undefined, ids: { from: { countryCode: country_code, partyId: party_id }, ...(to && { to }) } };
    const send = (change: LocationChange) => {
      if ('location' in change) return callEndpoint(client, putLocation, { ...call, params, body: change.location });
      if ('evse' in change) return callEndpoint(client, putEvse, { ...call, params: { ...params, evse_uid: change.evse.uid }, body: change.evse });
      if ('uid' in change) return callEndpoint(client, patchEvse, { ...call, params: { ...params, evse_uid: change.uid }, body: change.patch });
      return callEndpoint(client, patchLocation, { ...call, params, body: change.patch });
    };
    return {
      key,
      peer,
      send: async (change) => (await send(change)).is === 'SUCCESS',
      readBack: async () => heldCopy(await callEndpoint(client, readBackLocation, { ...call, params, body: undefined })),
    };
  }

  /** Pushes to all earlier receivers what changed while the node was down. */
  async recover(): Promise<void> {
    await this.#wake(allLocationPushes);
  }

  /** Repeats the pushes that failed, starting from the receiver's own copy. */
  async retry(): Promise<void> {
    await this.#wake(failedLocationPushes);
  }

  async #wake(pushes: typeof allLocationPushes): Promise<void> {
    for (const { location, peer } of await this.#context.store.all(pushes)) this.#queue.wake(location, peer);
  }
}

/** The party to address: the first that is not a CPO. A peer with several parties gets each location once. */
function addresseeAt({ roles }: KnownPeer): PartyName | undefined {
  const role = roles.find((it) => it.role !== 'CPO') ?? roles[0];
  return role && { countryCode: role.country_code, partyId: role.party_id };
}
