import { type Binding, bind } from '../../ocpi/binding.ts';
import { acknowledged, created, type Reply, refused } from '../../ocpi/envelope.ts';
import { clientNameMismatch } from '../../ocpi/hubclientinfo/client-info.ts';
import { getClientInfo } from '../../ocpi/hubclientinfo/get-client-info.ts';
import { putClientInfo } from '../../ocpi/hubclientinfo/put-client-info.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { type HubParties, isHub } from '../peers/hub-parties.ts';
import { found, invalidIf } from './reply.ts';

/** Every node takes client info from hubs: the parties behind them. Client info cannot be deleted (HCI-05). */
export const hubBindings = ({ security }: Pick<Context, 'security'>, parties: HubParties): readonly Binding<KnownPeer>[] => {
  /** Refuses a peer that is not a hub: it has no parties behind it (CRE-33). */
  const refuseUnlessHub = (peer: KnownPeer): Reply<never> | undefined => {
    if (isHub(peer)) return undefined;
    security.note({ kind: 'foreign-object', peer: peer.id, says: `${peer.id} sent parties behind it, and is not a hub` });
    return refused(2000, 'hubclientinfo: for hubs only; this peer is not registered as a hub');
  };
  return [
    bind(getClientInfo, async ({ peer, params }) => refuseUnlessHub(peer) ?? found(await parties.find(peer, params))),
    bind(putClientInfo, async ({ peer, params, body }) => {
      const refusal = refuseUnlessHub(peer) ?? invalidIf(clientNameMismatch(params, body));
      if (refusal) return refusal;
      const noted = await parties.receive(peer, body);
      if (noted === 'too-many') return refused(2000, 'this hub has sent more parties than this node stores');
      return noted === 'created' ? created() : acknowledged();
    }),
  ];
};
