import type { LocationKey, PeerId } from '../../domain/ids.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import type { PartyName } from '../../ocpi/headers.ts';
import type { WireEvse } from '../../ocpi/locations/evse.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { patchEvse, patchLocation } from '../../ocpi/locations/patch-location.ts';
import { putEvse, putLocation } from '../../ocpi/locations/put-location.ts';
import { readBackLocation } from '../../ocpi/locations/read-back-location.ts';
import { evseChangeSince, type LocationChange, locationChangeSince, locationChanges } from '../../roles/cpo/location-changes.ts';
import { ownLocationFor, type StoredLocation } from '../../store/sql/location.ts';
import { evsesChangedSince } from '../../store/sql/location-evse.ts';
import { allLocationPushes, failedLocationPushes, type LocationPush, locationPushOf, saveLocationPush } from '../../store/sql/location-push.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { wholeLocation } from '../core/stored-locations.ts';
import { createPushQueue, type HeldCopy, heldCopy, type PushQueue } from '../exchanges/push-queue.ts';
import { clientFor } from '../peers/peer-client.ts';
import { revealTokens } from './allowed-tokens.ts';

/** One location at one receiver. */
interface Receiver {
  /** The location without its EVSEs. */
  stored: StoredLocation<WireLocation>;
  peer: KnownPeer;
  /** Sends one change; resolves with whether it arrived. */
  send(change: LocationChange): Promise<boolean>;
  readBack(): Promise<HeldCopy<WireLocation>>;
}

type PushState = LocationPush<WireLocation>;

/** Most pushes at a time. */
const AT_ONCE = 16;
/** EVSEs of one location that are read together, and that are sent to one receiver at a time. */
const BATCH_SIZE = 128;
const EVSES_AT_ONCE = 8;

/**
 * Pushes our locations to all receivers: the newest state, never a queue of old messages (OCPI 2.2.1 §8.1, TRN-33, TRN-53). What a
 * receiver lacks is found by the version that it has acknowledged, so that a change of one EVSE does not read the others.
 */
export class LocationPushes {
  readonly #context: Context;
  readonly #queue: PushQueue<LocationKey, PeerId>;
  /** Failed pushes that are repeated now. A change does not repeat them: each would read the whole copy of a receiver that may fail for long. */
  readonly #retries = new Set<string>();

  constructor(context: Context) {
    this.#context = context;
    this.#queue = createPushQueue(context, (key, peer) => this.#push(key, peer), AT_ONCE);
    context.metrics.keep('repeated pushes', () => this.#retries.size);
  }

  /** A location changed: pushes it soon. */
  changed(key: LocationKey): void {
    this.#context.work.start(`location ${key}`, async () => {
      for (const peer of await this.#context.peers.offering('locations', 'RECEIVER')) this.#queue.wake(key, peer.id);
    });
  }

  async #push(key: LocationKey, id: PeerId): Promise<void> {
    const isRetry = this.#retries.delete(`${key} ${id}`);
    const { peers, store, clock } = this.#context;
    const [peer, stored, state] = await Promise.all([
      peers.find(id),
      store.first(ownLocationFor<WireLocation>(key, { peer: id, now: clock.now() })),
      store.first(locationPushOf<WireLocation>(key, id)),
    ]);
    const to = peer && stored && this.#receiver(stored, peer);
    if (!to) return;
    if (state?.failed && !isRetry) return;
    if (state?.version === undefined || state.failed) return this.#sendDifference(to, state);
    const own = locationChangeSince(to.stored, state.version);
    return own === 'WHOLE' ? this.#sendWhole(to) : this.#sendChanges(to, own, state.version);
  }

  /** Sends the changes of the location itself, and of its EVSEs since a version, a batch at a time. */
  async #sendChanges(to: Receiver, own: LocationChange | undefined, since: number): Promise<void> {
    const { store } = this.#context;
    const sent = new Set<LocationChange['by']>();
    if (own && !(await to.send(own))) return this.#repair(to, own.by);
    if (own) sent.add(own.by);
    let last = since;
    for (;;) {
      const evses = await store.all(evsesChangedSince<WireEvse>(to.stored.key, { version: last, limit: BATCH_SIZE }));
      const changes = evses.flatMap((it) => evseChangeSince(it, since) ?? []);
      const failed = await sendAll(changes, to);
      if (failed) return this.#repair(to, failed.by);
      for (const { by } of changes) sent.add(by);
      last = evses.at(-1)?.version ?? last;
      if (evses.length < BATCH_SIZE) break;
      await store.commit([saveLocationPush({ location: to.stored.key, peer: to.peer.id, version: last, failed: false })]);
    }
    if (sent.size > 0 || last > since || to.stored.version > since) await this.#record(to, Math.max(last, to.stored.version), asText(sent));
  }

  /** The receiver's version is not known: compares its copy with the location, and sends what differs. */
  async #sendDifference(to: Receiver, state: PushState | undefined): Promise<void> {
    const held = state?.failed ? await to.readBack() : ({ is: 'KNOWN', object: state?.acknowledged } as const);
    if (held.is === 'UNKNOWN') return;
    const location = await this.#whole(to);
    const changes = locationChanges(held.object, location);
    for (const change of changes) if (!(await to.send(change))) return 'location' in change ? this.#record(to, undefined, 'PUT') : this.#repair(to, change.by);
    return this.#record(to, to.stored.version, asText(new Set(changes.map(({ by }) => by))));
  }

  async #sendWhole(to: Receiver): Promise<void> {
    const arrived = await to.send({ by: 'PUT', location: await this.#whole(to) });
    return this.#record(to, arrived ? to.stored.version : undefined, 'PUT');
  }

  /** TRN-33: reads the receiver's copy after a push that failed. When the copy differs, sends the whole object once. */
  async #repair(to: Receiver, failed: LocationChange['by']): Promise<void> {
    const copy = await to.readBack();
    if (copy.is === 'UNKNOWN') return this.#record(to, undefined, failed);
    const isSame = locationChanges(copy.object, await this.#whole(to)).length === 0;
    return isSame ? this.#record(to, to.stored.version, failed) : this.#sendWhole(to);
  }

  /** The location with its EVSEs as they are now: at least those of the version of `to`. */
  async #whole({ stored }: Receiver): Promise<WireLocation> {
    return (await wholeLocation(this.#context.store, stored)) ?? stored.body;
  }

  /** `version`: what the receiver has acknowledged; undefined: the push failed. */
  async #record({ stored, peer }: Receiver, version: number | undefined, by: string): Promise<void> {
    const { store, metrics, journal } = this.#context;
    await store.commit([saveLocationPush({ location: stored.key, peer: peer.id, version, failed: version === undefined })]);
    const outcome = version === undefined ? 'UNDELIVERED' : 'DELIVERED';
    metrics.pushes.inc({ what: 'location', outcome });
    journal.note({ step: 'location-pushed', location: stored.key, peer: peer.id, by, outcome });
  }

  /** Undefined when the peer is not registered any more, or takes no locations. */
  #receiver(kept: StoredLocation<WireLocation>, peer: KnownPeer): Receiver | undefined {
    const stored = { ...kept, body: revealTokens(this.#context.config, kept.body) };
    const { country_code, party_id, id: location_id } = stored.body;
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
      stored,
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
    for (const { location, peer } of await this.#context.store.all(pushes)) {
      this.#retries.add(`${location} ${peer}`);
      this.#queue.wake(location, peer);
    }
  }
}

/** The party to address: the first that is not a CPO. A peer with several parties gets each location once. */
function addresseeAt({ roles }: KnownPeer): PartyName | undefined {
  const role = roles.find((it) => it.role !== 'CPO') ?? roles[0];
  return role && { countryCode: role.country_code, partyId: role.party_id };
}

/** Sends changes of different EVSEs, several at a time; resolves with one that did not arrive. */
async function sendAll(changes: readonly LocationChange[], to: Receiver): Promise<LocationChange | undefined> {
  for (let n = 0; n < changes.length; n += EVSES_AT_ONCE) {
    const group = changes.slice(n, n + EVSES_AT_ONCE);
    const arrived = await Promise.all(group.map((change) => to.send(change)));
    const failed = group.find((_, at) => !arrived[at]);
    if (failed) return failed;
  }
  return undefined;
}

const asText = (sent: ReadonlySet<LocationChange['by']>) => [...sent].join(' and ') || 'as it is';
