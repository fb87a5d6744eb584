import { fold, peerId } from '../../../domain/ids.ts';
import { partiesOf } from '../../../domain/party.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { epochMillis } from '../../../domain/units.ts';
import { exchangesOfPeer } from '../../../store/sql/outcome-count.ts';
import type { Context } from '../../core/context.ts';
import type { AgreementChanges } from '../../rights/change-agreements.ts';
import { addUp } from '../overview.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { show } from '../sessions/find-session.ts';
import { viewPeer } from '../sessions/view-session.ts';
import type { ContractView, PeerDetail } from './schemas.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Contracts with whether their party is halted. */
export async function contractsOf(desk: AgreementChanges): Promise<ContractView[]> {
  const halted = new Set(await desk.halted());
  return (await desk.contracts()).map(({ may, locations, evses, ...it }) => ({
    ...it,
    may: may.filter((right) => right === 'see' || right === 'control'),
    ...(locations && { locations: [...locations] }),
    ...(evses && { evses: [...evses] }),
    halted: halted.has(it.party),
  }));
}

/** One platform, with its contracts and how requests with it end. */
export async function showPeer({ store, clock, peers }: Context, desk: AgreementChanges, id: string): Promise<Result<PeerDetail, Refusal>> {
  const peer = await peers.find(peerId(fold(id)));
  if (!peer) return refuse(404, 'NOT_FOUND', `no peer ${show(id)}`);
  const parties = new Set<string>(partiesOf(peer.roles));
  const now = clock.now();
  const since = async (span: number) => await store.all(exchangesOfPeer(peer.id, epochMillis(now - span)));
  const [day, hour, minute, contracts, consents, halted] = await Promise.all([
    since(DAY_MS),
    since(HOUR_MS),
    since(MINUTE_MS),
    contractsOf(desk),
    desk.consents(),
    desk.halted(),
  ]);
  const count = (tallies: readonly { count: number }[]) => tallies.reduce((sum, it) => sum + it.count, 0);
  return ok({
    ...viewPeer(peer),
    ...(peer.versionsUrl !== undefined && { versions_url: peer.versionsUrl.split('?')[0] ?? '' }),
    origins: [...peer.origins],
    contracts: contracts.filter((it) => parties.has(it.party)),
    consents: consents.filter((it) => parties.has(it.party) && it.withdrawn_at === undefined).length,
    halted: halted.filter((it) => parties.has(it)),
    outcomes: addUp(day.map((it) => ({ ...it, key: it.kind }))).map(({ key, outcome, count: n }) => ({ kind: key, outcome, count: n })),
    rate: { last_minute: count(minute), last_hour: count(hour) },
  });
}
