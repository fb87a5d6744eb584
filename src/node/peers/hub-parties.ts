import { fold, type PartyKey, type PeerId, partyKey } from '../../domain/ids.ts';
import { hubOf, keyOf, type PartyRole } from '../../domain/party.ts';
import { type EpochMicros, epochMicros } from '../../domain/units.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import { hubConventions } from '../../ocpi/editions.ts';
import { ClientInfo, type WireClientInfo } from '../../ocpi/hubclientinfo/client-info.ts';
import { knownFields } from '../../ocpi/known-fields.ts';
import { type HubParty, hubPartyRoles, peersSpeakingFor, saveHubParty } from '../../store/sql/hub-party.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import { editionOf } from './peer-client.ts';

/** What the client info of one party changed: `too-many` when the hub has more parties than the store keeps. */
export type ClientInfoOutcome = 'created' | 'changed' | 'too-many';

/** A party behind a hub that is connected again. */
export interface ReconnectedParty {
  hub: PeerId;
  party: PartyKey;
  /** When it was disconnected; 0: unknown. */
  since: EpochMicros;
}

/** What the rest of the node does about parties behind hubs. */
export interface HubListeners {
  /** Messages that wait for the party are sent, and its objects are pulled (HCI-02). */
  reconnected(party: ReconnectedParty): void;
}

const NEVER = epochMicros(0);

/** The parties behind hubs: their names, and whether they are connected (HCI-01 to HCI-03, CRE-29). */
export class HubParties {
  readonly #context: Context;
  readonly #listeners: HubListeners;
  /** Messages of one hub are processed one after another. */
  readonly #queue = new SerialByKey<PeerId>();
  readonly #ours: readonly PartyKey[];

  constructor(context: Context, listeners: HubListeners) {
    this.#context = context;
    this.#listeners = listeners;
    this.#ours = hostedParties(context.config);
    context.metrics.keep('work in order', () => this.#queue.size);
  }

  /** The client info of a party from this hub: the newest, if the party has several roles. */
  async find(hub: KnownPeer, { country_code, party_id }: { country_code: string; party_id: string }): Promise<WireClientInfo | undefined> {
    const roles = await this.#context.store.all(hubPartyRoles(hub.id, partyKey(country_code, party_id)));
    const body = roles.find((it) => it.body !== undefined)?.body;
    return body === undefined ? undefined : JSON.parse(body);
  }

  /** Stores the client info of one party that a hub pushes. */
  async receive(hub: KnownPeer, info: WireClientInfo): Promise<ClientInfoOutcome> {
    const { outcome, reconnected } = await this.#save(hub, info);
    if (reconnected) this.#listeners.reconnected(reconnected);
    return outcome;
  }

  /** Stores all client infos that were pulled from a hub; listeners are called after the last one is stored. */
  async receiveAll(hub: KnownPeer, infos: readonly WireClientInfo[]): Promise<void> {
    const saved: { reconnected?: ReconnectedParty }[] = [];
    for (const info of infos) saved.push(await this.#save(hub, info));
    for (const { reconnected } of saved) if (reconnected) this.#listeners.reconnected(reconnected);
  }

  #save(hub: KnownPeer, info: WireClientInfo): Promise<{ outcome: ClientInfoOutcome; reconnected?: ReconnectedParty }> {
    return this.#queue.run(hub.id, async () => {
      const { store, peers, journal } = this.#context;
      const next = this.#partyOf(hub, info);
      const before = (await store.all(hubPartyRoles(hub.id, next.party))).find((it) => it.role === next.role);
      const [saved] = await store.commit([saveHubParty(next)]);
      if (saved?.changed !== 1) return { outcome: before ? 'changed' : 'too-many' };
      peers.clearCache();
      journal.note({ step: 'client-info-received', peer: hub.id, party: next.party, role: next.role, status: next.status });
      if (next.announced && before === undefined) await reportClaim(this.#context, hub.id, next.party);
      const isReconnected = next.status === 'CONNECTED' && (before?.body === undefined || before.status !== 'CONNECTED');
      const outcome = before ? 'changed' : 'created';
      return isReconnected ? { outcome, reconnected: { hub: hub.id, party: next.party, since: before?.lastUpdated ?? NEVER } } : { outcome };
    });
  }

  #partyOf(hub: KnownPeer, info: WireClientInfo): HubParty {
    const { country_code, party_id, role, status, last_updated } = info;
    const party = partyKey(country_code, party_id);
    const edition = editionOf(hub);
    return {
      hub: hub.id,
      role,
      party,
      name: party,
      announced: hubConventions[edition].parties === 'hubclientinfo' && mayBeBehindHub({ role, country_code, party_id }, this.#ours),
      status,
      lastUpdated: readDateTime(last_updated) ?? NEVER,
      body: JSON.stringify(knownFields(ClientInfo[edition], info)),
    };
  }
}

/** Whether a peer is registered as a hub: only hubs speak for parties behind them. */
export const isHub = (peer: KnownPeer): boolean => hubOf(peer.ownRoles) !== undefined;
/** Whether a party name is that of the hub itself. */
export const isHubItself = (peer: KnownPeer, name: { countryCode: string; partyId: string }): boolean =>
  hubOf(peer.ownRoles) === fold(`${name.countryCode}*${name.partyId}`);

/** Neither our own parties nor other hubs can be behind a hub. */
export const mayBeBehindHub = (it: Pick<PartyRole, 'role' | 'country_code' | 'party_id'>, ours: readonly PartyKey[]): boolean =>
  it.role !== 'HUB' && !ours.includes(keyOf(it));

/** Records a security event when a hub announces a party that another peer speaks for: that peer keeps the party (CRE-33). */
export async function reportClaim({ store, security }: Pick<Context, 'store' | 'security'>, hub: PeerId, party: PartyKey): Promise<void> {
  const speakers = await store.all(peersSpeakingFor(party));
  if (speakers.length === 0 || speakers.includes(hub)) return;
  const says = `${hub} announced ${party}, but ${speakers.join(', ')} speaks for it: the announcement is ignored`;
  security.note({ kind: 'party-claimed', peer: hub, party, says });
}
