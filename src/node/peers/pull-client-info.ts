import type { PeerId } from '../../domain/ids.ts';
import { crawl } from '../../ocpi/crawl.ts';
import type { WireClientInfo } from '../../ocpi/hubclientinfo/client-info.ts';
import { getClientInfos } from '../../ocpi/hubclientinfo/get-client-infos.ts';
import { coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';
import { type HubParties, isHub } from './hub-parties.ts';
import { clientFor } from './peer-client.ts';

/** Asks hubs who is behind them: at the start, on registration and every few hours, since what they push may be lost (OCPI 2.2.1 §15.2.2). */
export interface ClientInfoPulls {
  pull(hub: PeerId): void;
  pullAll(): Promise<void>;
  /** From hubs that this run has not asked yet. */
  pullNew(): Promise<void>;
}

/** A page of a thousand parties. */
const PAGE_BYTES = 1024 * 1024;

/** `asked` is called when a hub has said all, or nothing: what it has of others can be pulled. */
export function createClientInfoPulls(context: Context, parties: HubParties, asked: (hub: PeerId) => void): ClientInfoPulls {
  const { peers } = context;
  const met = new Set<PeerId>();
  const lanes = coalesce<PeerId>(
    async (id) => {
      await pullFrom(id);
      asked(id);
    },
    (id, error) => context.reportError(`client info of ${id}`, error),
  );

  async function pullFrom(id: PeerId): Promise<void> {
    const from = clientFor(context, await peers.find(id), { module: 'hubclientinfo', role: 'SENDER', maxBodyBytes: PAGE_BYTES, withinMs: 30_000 });
    if (!from) return;
    const { peer: hub, client, base } = from;
    const told: WireClientInfo[] = [];
    const end = await crawl(client, getClientInfos, {
      base,
      query: { limit: 1000 },
      origins: hub.origins,
      take: async ({ items, problems }) => {
        for (const problem of problems) context.reportError(`client info of ${id}`, problem);
        told.push(...items);
      },
    });
    await parties.receiveAll(hub, told);
    if (end.is === 'STOPPED') context.reportError(`client info of ${id}`, `${end.because}: ${end.message}`);
  }

  function pull(id: PeerId): void {
    met.add(id);
    lanes.wake(id);
  }
  const registered = async () => (await peers.all()).filter((peer) => peer.status === 'REGISTERED' && isHub(peer));

  return {
    pull,
    pullAll: async () => {
      for (const { id } of await registered()) pull(id);
    },
    pullNew: async () => {
      for (const { id } of await registered()) if (!met.has(id)) pull(id);
    },
  };
}
