import type { PeerId } from '../../domain/ids.ts';
import type { Binding } from '../../ocpi/binding.ts';
import { forgetOrphanTokens, forgetSyncState } from '../../store/sql/token.ts';
import { hasRole } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { tokenReceiver, tokenSender } from '../handlers/token-bindings.ts';
import { authorizeAtEmsp } from '../tokens/authorize-token.ts';
import { OwnTokens } from '../tokens/own-tokens.ts';
import { createTokenPulls } from '../tokens/pull-tokens.ts';
import { TokenPushes } from '../tokens/push-token.ts';
import { RemoteTokens } from '../tokens/remote-tokens.ts';
import { TokenAuthorizer } from '../tokens/token-authorizer.ts';

/** Tokens on both sides: a CPO learns them from eMSPs, an eMSP tells its own to CPOs. */
export interface Tokens {
  authorizer: TokenAuthorizer;
  bindings: readonly Binding<KnownPeer>[];
  /** Brings what is stored to the configuration and to who is registered. */
  recover(): Promise<void>;
  pullAll(): Promise<void>;
  pullNew(): Promise<void>;
  pushAll(): Promise<void>;
  peerRegistered(peer: PeerId): void;
  peerEnded(peer: PeerId): Promise<void>;
}

export function composeTokens(context: Context): Tokens {
  const foreign: RemoteTokens = new RemoteTokens(context, (peer) => pulls.markStale(peer));
  const pulls = createTokenPulls(context, foreign);
  const own = new OwnTokens(context);
  const pushes = new TokenPushes(context);
  const [cpo, emsp] = [hasRole(context.config, 'CPO'), hasRole(context.config, 'EMSP')];
  return {
    authorizer: new TokenAuthorizer(context, (asked) => authorizeAtEmsp(context, foreign, asked)),
    bindings: [...(cpo ? tokenReceiver(foreign) : []), ...(emsp ? tokenSender(own) : [])],
    recover: async () => {
      await context.store.commit([forgetOrphanTokens]); // of a peer that another process took leave of
      if (emsp) await own.settle();
    },
    pullAll: async () => (cpo ? pulls.pullAll() : undefined),
    pullNew: async () => (cpo ? pulls.pullNew() : undefined),
    pushAll: async () => (emsp ? pushes.pushAll() : undefined),
    peerRegistered: (peer) => {
      if (cpo) pulls.pull(peer);
      if (emsp) pushes.push(peer);
    },
    peerEnded: async (peer) => void (await context.store.commit([forgetOrphanTokens, ...forgetSyncState(peer)])),
  };
}
