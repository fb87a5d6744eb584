import { type Binding, bind } from '../../ocpi/binding.ts';
import { acknowledged, created, invalid, notFound, type Reply, refused, success } from '../../ocpi/envelope.ts';
import { clientNameMismatch } from '../../ocpi/hubclientinfo/client-info.ts';
import { getClientInfo } from '../../ocpi/hubclientinfo/get-client-info.ts';
import { putClientInfo } from '../../ocpi/hubclientinfo/put-client-info.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { type HubParties, isHub } from '../peers/hub-parties.ts';

/** What every node offers to hubs: a place for what they tell of others. There is no way to delete it (HCI-05). */
export const hubBindings = ({ security }: Pick<Context, 'security'>, parties: HubParties): readonly Binding<KnownPeer>[] => {
  /** A platform that is no hub has nobody behind it (CRE-33). */
  const unlessHub = (peer: KnownPeer): Reply<never> | undefined => {
    if (isHub(peer)) return undefined;
    security.note({ kind: 'foreign-object', peer: peer.id, says: `${peer.id} told of parties behind it, and is no hub` });
    return refused(2000, 'hubclientinfo: for hubs only, which are registered as such');
  };
  return [
    bind(getClientInfo, async ({ peer, params }) => {
      const no = unlessHub(peer);
      const info = no ? undefined : await parties.find(peer, params);
      return no ?? (info ? success(info) : notFound());
    }),
    bind(putClientInfo, async ({ peer, params, body }) => {
      const no = unlessHub(peer);
      const wrong = clientNameMismatch(params, body);
      if (no || wrong !== undefined) return no ?? invalid(wrong ?? '');
      const noted = await parties.receive(peer, body);
      if (noted === 'too-many') return refused(2000, 'this hub has told of more parties than are kept');
      return noted === 'created' ? created() : acknowledged();
    }),
  ];
};
