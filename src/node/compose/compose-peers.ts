import type { PeerId } from '../../domain/ids.ts';
import type { Context } from '../core/context.ts';
import { HubParties, isHub, type ReconnectedParty } from '../peers/hub-parties.ts';
import { createClientInfoPulls } from '../peers/pull-client-info.ts';
import { Registration } from '../peers/registration.ts';
import { endPeer } from '../rights/end-peer.ts';
import type { WithdrawProfile } from '../rights/withdraw-profile.ts';
import type { Cpo } from './compose-cpo.ts';
import type { Remote } from './compose-remote.ts';
import type { Tokens } from './compose-tokens.ts';
import type { SharedServices } from './shared-services.ts';

/** Whom it matters to that a peer comes or goes. */
export interface PeerDependencies {
  services: SharedServices;
  cpo: Cpo | undefined;
  remote: Remote | undefined;
  tokens: Tokens;
  takeBack: WithdrawProfile;
}

/** How peers come and go, and who stands behind those that are hubs. */
export function composePeers(context: Context, { services, cpo, remote, tokens, takeBack }: PeerDependencies) {
  const gone = async (peer: PeerId) => {
    await tokens.peerEnded(peer);
    await cpo?.preferences.refresh();
    await endPeer(context, takeBack, peer);
  };
  const pull = (peer: PeerId) => {
    remote?.pulls.pull(peer);
    tokens.peerRegistered(peer);
    cpo?.preferences.refresh().catch((error) => context.reportError('preferences of drivers', error));
  };
  const hubs = new HubParties(context, { reconnected: (party) => welcomeBack(context, { services, cpo, remote }, party) });
  const clientInfo = createClientInfoPulls(context, hubs, pull);
  const arrived = async (id: PeerId) => {
    const peer = await context.peers.find(id);
    if (peer && isHub(peer)) clientInfo.pull(id);
    else pull(id);
  };
  const registration = new Registration(context, {
    ended,
    registered: (peer) => void arrived(peer).catch((error) => context.reportError(`arrival of ${peer}`, error)),
  });
  return { registration, hubs, clientInfo, gone };
}

/** A party behind a hub can be reached again: what it is owed is told at once, and what it has is pulled (HCI-02). */
function welcomeBack({ reportError }: Context, { services, cpo, remote }: Pick<PeerDependencies, 'services' | 'cpo' | 'remote'>, back: ReconnectedParty): void {
  const { party } = back;
  Promise.all([services.sessionPushes.retry(party), cpo?.activeProfiles.partyIsBack(party), remote?.profiles?.refresh(party)]).catch((error) =>
    reportError(`return of ${party}`, error),
  );
  remote?.pulls.pullParty(back);
}
