import { fold, type PartyKey, type PeerId, partyKey } from '../../domain/ids.ts';
import { hubOf } from '../../domain/party.ts';
import { type EpochMicros, epochMicros } from '../../domain/units.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import { hubConventions } from '../../ocpi/editions.ts';
import { ClientInfo, type WireClientInfo } from '../../ocpi/hubclientinfo/client-info.ts';
import { knownFields } from '../../ocpi/known-fields.ts';
import { type HubParty, hubPartyRoles, saveHubParty } from '../../store/sql/hub-party.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import { mayBeBehindHub, reportClaim } from './hub-announcements.ts';
import { editionOf } from './peer-client.ts';

/** What became of what a hub told of one party. */
export type ClientInfoOutcome = 'created' | 'changed' | 'too-many';

/** A party that can be reached again, and since when it could not, as far as that is known. */
export interface ReconnectedParty {
  hub: PeerId;
  party: PartyKey;
  since: EpochMicros;
}

/** What the rest of the node does about parties behind hubs. */
export interface HubListeners {
  /** What is owed to it is told, and its objects are pulled (HCI-02). */
  reconnected(party: ReconnectedParty): void;
}

const NEVER = epochMicros(0);

/** What hubs tell of the parties behind them: who they are, and whether they can be reached (HCI-01 to HCI-03, CRE-29). */
export class HubParties {
  readonly #context: Context;
  readonly #followers: HubListeners;
  /** Two words of one hub at once are taken one after the other. */
  readonly #turns = new SerialByKey<PeerId>();
  readonly #ours: readonly PartyKey[];

  constructor(context: Context, followers: HubListeners) {
    this.#context = context;
    this.#followers = followers;
    this.#ours = hostedParties(context.config);
  }

  /** What this hub told of a party; the newest, where it has several roles. */
  async find(hub: KnownPeer, { country_code, party_id }: { country_code: string; party_id: string }): Promise<WireClientInfo | undefined> {
    const roles = await this.#context.store.all(hubPartyRoles(hub.id, partyKey(country_code, party_id)));
    const body = roles.find((it) => it.body !== undefined)?.body;
    return body === undefined ? undefined : JSON.parse(body);
  }

  /** A hub tells of one party. */
  async receive(hub: KnownPeer, info: WireClientInfo): Promise<ClientInfoOutcome> {
    const { noted, back } = await this.#keep(hub, info);
    if (back) this.#followers.reconnected(back);
    return noted;
  }

  /** A hub was asked and told of many: what follows from that begins when all of them are known. */
  async receiveAll(hub: KnownPeer, infos: readonly WireClientInfo[]): Promise<void> {
    const kept: { back?: ReconnectedParty }[] = [];
    for (const info of infos) kept.push(await this.#keep(hub, info));
    for (const { back } of kept) if (back) this.#followers.reconnected(back);
  }

  #keep(hub: KnownPeer, info: WireClientInfo): Promise<{ noted: ClientInfoOutcome; back?: ReconnectedParty }> {
    return this.#turns.run(hub.id, async () => {
      const { store, peers, journal } = this.#context;
      const next = this.#partyOf(hub, info);
      const before = (await store.all(hubPartyRoles(hub.id, next.party))).find((it) => it.role === next.role);
      const [saved] = await store.commit([saveHubParty(next)]);
      if (saved?.changed !== 1) return { noted: before ? 'changed' : 'too-many' };
      peers.clearCache();
      journal.note({ step: 'client-info-received', peer: hub.id, party: next.party, role: next.role, status: next.status });
      if (next.announced && before === undefined) await reportClaim(this.#context, hub.id, next.party);
      const returned = next.status === 'CONNECTED' && (before?.body === undefined || before.status !== 'CONNECTED');
      const noted = before ? 'changed' : 'created';
      return returned ? { noted, back: { hub: hub.id, party: next.party, since: before?.lastUpdated ?? NEVER } } : { noted };
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

/** Only a hub tells of others. */
export const isHub = (peer: KnownPeer): boolean => hubOf(peer.ownRoles) !== undefined;
/** Whether a name is that of the hub itself. */
export const isHubItself = (peer: KnownPeer, name: { countryCode: string; partyId: string }): boolean =>
  hubOf(peer.ownRoles) === fold(`${name.countryCode}*${name.partyId}`);
