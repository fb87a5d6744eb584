import type { PeerId } from '../../domain/ids.ts';
import { crawl } from '../../ocpi/crawl.ts';
import type { WireClientInfo } from '../../ocpi/hubclientinfo/client-info.ts';
import { getClientInfos } from '../../ocpi/hubclientinfo/get-client-infos.ts';
import { coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';
import { type HubParties, isHub } from './hub-parties.ts';
import { clientFor } from './peer-client.ts';

/** Pulls the client info of hubs: at the start, at registration and every few hours, because pushes may be lost (OCPI 2.2.1 §15.2.2). */
export interface ClientInfoPulls {
  pull(hub: PeerId): void;
  pullAll(): Promise<void>;
  /** From hubs that this run of the node has not pulled from yet. */
  pullNew(): Promise<void>;
  /** The registration of this peer has ended. */
  forget(peer: PeerId): void;
}

/** Most bytes of one page, which has up to 1000 parties. */
const PAGE_BYTES = 1024 * 1024;

/** Creates the pulls; `pulled` is called after each pull, also after one that broke off: the objects behind the hub can be pulled then. */
export function createClientInfoPulls(context: Context, parties: HubParties, pulled: (hub: PeerId) => void): ClientInfoPulls {
  const { peers } = context;
  const pulledOnce = new Set<PeerId>();
  const pulls = coalesce<PeerId>(context.work, {
    name: (id) => `client info of ${id}`,
    task: async (id) => {
      await pullFrom(id);
      pulled(id);
    },
  });

  async function pullFrom(id: PeerId): Promise<void> {
    const from = clientFor(context, await peers.find(id), { module: 'hubclientinfo', role: 'SENDER', maxBodyBytes: PAGE_BYTES, withinMs: 30_000 });
    if (!from) return;
    const { peer: hub, client, base } = from;
    const received: WireClientInfo[] = [];
    const end = await crawl(client, getClientInfos, {
      base,
      query: { limit: 1000 },
      origins: hub.origins,
      take: async ({ items, problems }) => {
        for (const problem of problems) context.reportError(`client info of ${id}`, problem);
        received.push(...items);
        return 'NEXT';
      },
    });
    await parties.receiveAll(hub, received);
    if (end.is === 'STOPPED' && !context.work.cutOff.aborted) context.reportError(`client info of ${id}`, `${end.because}: ${end.message}`);
  }

  function pull(id: PeerId): void {
    pulledOnce.add(id);
    pulls.wake(id);
  }
  const registered = async () => (await peers.all()).filter((peer) => peer.status === 'REGISTERED' && isHub(peer));

  return {
    pull,
    forget: (peer) => void pulledOnce.delete(peer),
    pullAll: async () => {
      for (const { id } of await registered()) pull(id);
    },
    pullNew: async () => {
      for (const { id } of await registered()) if (!pulledOnce.has(id)) pull(id);
    },
  };
}
