import { type Binding, bind } from '../../ocpi/binding.ts';
import type { WireCredentials } from '../../ocpi/credentials/credentials.ts';
import { deleteCredentials } from '../../ocpi/credentials/delete-credentials.ts';
import { getCredentials } from '../../ocpi/credentials/get-credentials.ts';
import { postCredentials } from '../../ocpi/credentials/post-credentials.ts';
import { putCredentials } from '../../ocpi/credentials/put-credentials.ts';
import { acknowledged, notAllowed, type Reply, refused, success } from '../../ocpi/envelope.ts';
import { fingerprint } from '../../store/encryption.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import type { Registration } from '../peers/registration.ts';

type Bound = readonly Binding<KnownPeer>[];

const replyWith = (result: Awaited<ReturnType<Registration['receiveCredentials']>>): Reply<WireCredentials> =>
  result.ok ? { ...success(result.value.credentials), afterwards: result.value.afterwards } : refused(result.problem.code, result.problem.says);

/** The credentials module, which every node offers (CRE-09). */
export const credentialsBindings = (registration: Registration): Bound => [
  bind(getCredentials, async ({ caller }) =>
    caller.scope === 'ALL' ? success(registration.ourCredentials(caller.token.text)) : notAllowed('GET is for registered platforms; POST registers'),
  ),
  bind(postCredentials, async ({ caller, peer, body, edition }) => {
    if (caller.scope === 'ALL') return notAllowed('this platform is registered already; PUT changes its credentials');
    const result = await registration.receiveCredentials({ peer, credentials: body, edition, invite: fingerprint(caller.token.text) });
    return replyWith(result);
  }),
  bind(putCredentials, async ({ caller, peer, body, edition }) => {
    if (caller.scope !== 'ALL') return notAllowed('this platform is not registered; POST registers');
    const result = await registration.receiveCredentials({ peer, credentials: body, edition });
    return replyWith(result);
  }),
  bind(deleteCredentials, async ({ caller, peer }) => {
    if (caller.scope !== 'ALL') return notAllowed('this platform is not registered; POST registers');
    await registration.end(peer);
    return acknowledged();
  }),
];
