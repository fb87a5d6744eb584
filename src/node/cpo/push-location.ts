import { knownLocation, type LocationKey, type PeerId, peerId } from '../../domain/ids.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import type { PartyName } from '../../ocpi/headers.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { patchEvse, patchLocation } from '../../ocpi/locations/patch-location.ts';
import { putEvse, putLocation } from '../../ocpi/locations/put-location.ts';
import { readBackLocation } from '../../ocpi/locations/read-back-location.ts';
import { type LocationChange, locationChanges } from '../../roles/cpo/location-changes.ts';
import { ownLocation } from '../../store/sql/location.ts';
import { allLocationPushes, failedLocationPushes, locationPushOf, saveLocationPush } from '../../store/sql/location-push.ts';
import { type CoalescedTask, coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { clientFor } from '../peers/peer-client.ts';

/** How one receiver is told of one location. */
interface Way {
  tell(change: LocationChange): Promise<boolean>;
  readBack(): Promise<{ is: 'KNOWN'; location: WireLocation | undefined } | { is: 'UNKNOWN' }>;
}
interface Told {
  key: LocationKey;
  peer: KnownPeer;
  way: Way;
}

/** Neither a location's key nor a peer's id can hold a line break. */
const BETWEEN = '\n';
/** Receivers and locations that are told at once. */
const AT_ONCE = 16;

/** Keeps all receivers of our locations up to date: the newest state, never a queue of old messages (OCPI 2.2.1 §8.1, TRN-33, TRN-53). */
export class LocationPushes {
  readonly #context: Context;
  readonly #tasks: CoalescedTask<string>;
  #stopped = false;

  constructor(context: Context) {
    this.#context = context;
    const push = async (lane: string) => {
      const [key = '', peer = ''] = lane.split(BETWEEN);
      await this.#push(knownLocation(key), peerId(peer));
    };
    this.#tasks = coalesce(push, (lane, error) => this.#reportError(`push of ${lane.replace(BETWEEN, ' to ')}`, error), AT_ONCE);
  }

  /** Tells the receivers, soon. */
  changed(key: LocationKey): void {
    this.#context.peers
      .offering('locations', 'RECEIVER')
      .then((peers) => {
        for (const peer of peers) this.#tasks.wake(key + BETWEEN + peer.id);
      })
      .catch((error) => this.#reportError(`location ${key}`, error));
  }

  /** The node ends: what is left half told, the next run tells (`open`). */
  stop(): void {
    this.#stopped = true;
  }

  #reportError(what: string, error: unknown): void {
    if (!this.#stopped) this.#context.reportError(what, error);
  }

  async #push(key: LocationKey, id: PeerId): Promise<void> {
    if (this.#stopped) return;
    const { peers, store } = this.#context;
    const peer = await peers.find(id);
    const location = (await store.first(ownLocation<WireLocation>(key)))?.body;
    const way = peer && location && this.#wayTo(peer, location);
    if (!way) return;
    const state = await store.first(locationPushOf<WireLocation>(key, id));
    const held = state?.failed ? await way.readBack() : ({ is: 'KNOWN', location: state?.acknowledged } as const);
    if (held.is === 'UNKNOWN') return;
    if (state && !state.failed && locationChanges(held.location, location).length === 0) return;
    await this.#tell(location, held.location, { key, peer, way });
  }

  async #tell(location: WireLocation, held: WireLocation | undefined, to: Told): Promise<void> {
    const changes = locationChanges(held, location);
    for (const change of changes) {
      if (await to.way.tell(change)) continue;
      return this.#record(to, (await this.#repair(location, change, to.way)) ? location : undefined, 'PUT');
    }
    return this.#record(to, location, [...new Set(changes.map((it) => it.by))].join(' and ') || 'as it is');
  }

  /** TRN-33: what does the receiver have? If nothing, or something else, it gets the whole object, once. */
  async #repair(location: WireLocation, failed: LocationChange, way: Way): Promise<boolean> {
    if ('location' in failed) return false;
    const copy = await way.readBack();
    if (copy.is === 'UNKNOWN') return false;
    return locationChanges(copy.location, location).length === 0 || way.tell({ by: 'PUT', location });
  }

  async #record({ key, peer }: Told, acknowledged: WireLocation | undefined, by: string): Promise<void> {
    const { store, metrics, journal } = this.#context;
    await store.commit([saveLocationPush({ location: key, peer: peer.id, acknowledged, failed: acknowledged === undefined })]);
    const outcome = acknowledged ? 'DELIVERED' : 'UNDELIVERED';
    metrics.pushes.inc({ what: 'location', outcome });
    journal.note({ step: 'location-pushed', location: key, peer: peer.id, by, outcome });
  }

  #wayTo(peer: KnownPeer, { country_code, party_id, id: location_id }: WireLocation): Way | undefined {
    const module = clientFor(this.#context, peer, { module: 'locations', role: 'RECEIVER' });
    if (!module) return undefined;
    const { client, base } = module;
    const to = receiverAt(peer);
    const params = { country_code, party_id, location_id };
    const where = { base, query: undefined, ids: { from: { countryCode: country_code, partyId: party_id }, ...(to && { to }) } };
    const tell = (change: LocationChange) => {
      if ('location' in change) return callEndpoint(client, putLocation, { ...where, params, body: change.location });
      if ('evse' in change) return callEndpoint(client, putEvse, { ...where, params: { ...params, evse_uid: change.evse.uid }, body: change.evse });
      if ('uid' in change) return callEndpoint(client, patchEvse, { ...where, params: { ...params, evse_uid: change.uid }, body: change.patch });
      return callEndpoint(client, patchLocation, { ...where, params, body: change.patch });
    };
    return {
      tell: async (change) => (await tell(change)).is === 'SUCCESS',
      readBack: async () => {
        const read = await callEndpoint(client, readBackLocation, { ...where, params, body: undefined });
        if (read.is === 'SUCCESS') return { is: 'KNOWN', location: read.data };
        return read.httpStatus === 404 || read.because === 'ocpi_2xxx' ? { is: 'KNOWN', location: undefined } : { is: 'UNKNOWN' };
      },
    };
  }

  /** Whoever was told before is told what changed in a time that an earlier run did not live to tell of. */
  async recover(): Promise<void> {
    await this.#wake(allLocationPushes);
  }

  /** Tries again those that failed, from their receiver's own copy. */
  async retry(): Promise<void> {
    await this.#wake(failedLocationPushes);
  }

  async #wake(pushes: typeof allLocationPushes): Promise<void> {
    for (const { location, peer } of await this.#context.store.all(pushes)) this.#tasks.wake(location + BETWEEN + peer);
  }
}

/** Locations are for whoever does not run charge points itself; a platform of several parties is told once. */
function receiverAt({ roles }: KnownPeer): PartyName | undefined {
  const role = roles.find((it) => it.role !== 'CPO') ?? roles[0];
  return role && { countryCode: role.country_code, partyId: role.party_id };
}
