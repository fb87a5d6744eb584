import { partiesOf } from '../../../domain/party.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { epochMillis } from '../../../domain/units.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import { exchangesOfPeer } from '../../../store/sql/outcome-count.ts';
import type { Context } from '../../core/context.ts';
import type { KnownPeer, KnownPeers } from '../../core/known-peers.ts';
import type { PatienceCount } from '../../core/patience-counts.ts';
import type { AgreementChanges } from '../../rights/change-agreements.ts';
import { viewContracts } from '../agreements/view-contracts.ts';
import { sumByOutcome } from '../exchanges/outcome.ts';
import { maskQuery } from '../masks.ts';
import { oneById, type Refusal } from '../refusal.ts';
import type { PatienceView, PeerDetail, PeerView } from './schemas.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What an operator reads about peers. */
export interface PeerOperations {
  peers(): Promise<PeerView[]>;
  peer(id: string): Promise<Result<PeerDetail, Refusal>>;
}

export function peerOperations(context: Context, agreements: AgreementChanges): PeerOperations {
  return {
    peers: async () => (await context.peers.all()).map((it) => viewPeer(context, it)),
    peer: async (id) => {
      const peer = await findPeer(context.peers, id);
      return peer.ok ? ok(await viewDetail(context, agreements, peer.value)) : peer;
    },
  };
}

/** The peer with this id, or the only one whose id begins with it. */
export const findPeer = async (peers: KnownPeers, typed: string) => oneById(await peers.all(), (it) => it.id, { noun: 'peer', typed });

export const viewPeer = ({ patience }: Pick<Context, 'patience'>, peer: KnownPeer): PeerView => ({
  id: peer.id,
  status: peer.status,
  ...(peer.edition !== undefined && { edition: peer.edition }),
  roles: peer.roles.map(({ role, country_code, party_id, business_details: { name } }) => ({ role, country_code, party_id, name })),
  modules: peer.endpoints.map(({ identifier, role, url }) => ({ identifier, role, url: maskQuery(url) })),
  ...(peer.registeredAt !== undefined && { registered_at: printDateTime(epochMillis(peer.registeredAt)) }),
  strict: patience.isStrict(peer),
  patience: patience.of(peer.id).map(viewPatience),
});

const viewPatience = ({ kind, count, firstAt, lastAt, message, field, found }: PatienceCount): PatienceView => ({
  kind,
  count,
  first_at: printDateTime(firstAt),
  last_at: printDateTime(lastAt),
  message,
  field,
  found,
});

async function viewDetail(context: Context, agreements: AgreementChanges, peer: KnownPeer): Promise<PeerDetail> {
  const { store, clock } = context;
  const speaksFor = [...new Set(partiesOf(peer.roles))];
  const parties = new Set<string>(speaksFor);
  const now = clock.now();
  const since = async (span: number) => await store.all(exchangesOfPeer(peer.id, epochMillis(now - span)));
  const [day, hour, minute, contracts, consents, halted] = await Promise.all([
    since(DAY_MS),
    since(HOUR_MS),
    since(MINUTE_MS),
    viewContracts(agreements),
    Promise.all(speaksFor.map((party) => agreements.countConsents(party))),
    agreements.halted(),
  ]);
  const total = (counts: readonly { count: number }[]) => counts.reduce((sum, it) => sum + it.count, 0);
  return {
    ...viewPeer(context, peer),
    ...(peer.versionsUrl !== undefined && { versions_url: peer.versionsUrl.split('?')[0] ?? '' }),
    origins: [...peer.origins],
    contracts: contracts.filter((it) => parties.has(it.party)),
    consents: consents.reduce((sum, count) => sum + count, 0),
    halted: halted.filter((it) => parties.has(it)),
    outcomes: sumByOutcome(day.map((it) => ({ ...it, key: it.kind }))).map(({ key, outcome, count }) => ({ kind: key, outcome, count })),
    rate: { last_minute: total(minute), last_hour: total(hour) },
  };
}
