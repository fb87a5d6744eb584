import type { PeerId } from '../../domain/ids.ts';
import type { Binding } from '../../ocpi/binding.ts';
import { forgetOrphanedTokens, forgetSyncState, orphanedTokenOwners } from '../../store/sql/token.ts';
import { hasRole } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { tokenReceiver, tokenSender } from '../handlers/token-bindings.ts';
import { authorizeAtEmsp } from '../tokens/authorize-token.ts';
import { saveConfiguredTokens } from '../tokens/own-tokens.ts';
import { createTokenPulls } from '../tokens/pull-tokens.ts';
import { TokenPushes } from '../tokens/push-token.ts';
import { RemoteTokens } from '../tokens/remote-tokens.ts';
import { TokenAuthorizer } from '../tokens/token-authorizer.ts';

/** The Tokens module for both sides: a CPO receives tokens of eMSPs, an eMSP pushes its tokens to CPOs. */
export interface Tokens {
  authorizer: TokenAuthorizer;
  bindings: readonly Binding<KnownPeer>[];
  /** Saves the tokens of the configuration, and removes tokens whose peer is not registered any more. */
  recover(): Promise<void>;
  /** The tokens of the configuration have changed. */
  reload(): Promise<void>;
  pullAll(): Promise<void>;
  pullNew(): Promise<void>;
  pushAll(): Promise<void>;
  /** Pushes to one peer what it lacks of our own tokens. */
  push(peer: PeerId): void;
  peerRegistered(peer: PeerId): void;
  peerEnded(peer: PeerId): Promise<void>;
}

/** Creates the parts of the Tokens module for the roles of this node. */
export function composeTokens(context: Context): Tokens {
  const remote: RemoteTokens = new RemoteTokens(context, (peer) => pulls.markStale(peer));
  const pulls = createTokenPulls(context, remote);
  const pushes = new TokenPushes(context);
  const [cpo, emsp] = [hasRole(context.config, 'CPO'), hasRole(context.config, 'EMSP')];
  const authorizer = new TokenAuthorizer(context, (request) => authorizeAtEmsp(context, remote, request));
  return {
    authorizer,
    bindings: [...(cpo ? tokenReceiver(remote) : []), ...(emsp ? tokenSender(context) : [])],
    recover: async () => {
      await forgetOrphans(context); // Another process may have unregistered their peer.
      if (emsp) await saveConfiguredTokens(context);
    },
    reload: async () => {
      authorizer.reload();
      if (!emsp) return;
      await saveConfiguredTokens(context);
      await pushes.pushAll();
    },
    pullAll: async () => (cpo ? pulls.pullAll() : undefined),
    pullNew: async () => (cpo ? pulls.pullNew() : undefined),
    pushAll: async () => (emsp ? pushes.pushAll() : undefined),
    push: (peer) => (emsp ? pushes.push(peer) : undefined),
    peerRegistered: (peer) => {
      if (cpo) pulls.pull(peer);
      if (emsp) pushes.push(peer);
    },
    peerEnded: async (peer) => {
      pulls.forget(peer);
      await forgetOrphans(context);
      await context.store.commit(forgetSyncState(peer));
    },
  };
}

async function forgetOrphans({ store }: Context): Promise<void> {
  const owners = await store.all(orphanedTokenOwners);
  if (owners.length > 0) await store.commit(owners.map(forgetOrphanedTokens));
}
