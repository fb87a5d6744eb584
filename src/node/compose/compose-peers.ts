import type { PeerId } from '../../domain/ids.ts';
import type { Context } from '../core/context.ts';
import { takeApproved } from '../peers/approve-behind-hub.ts';
import { HubParties, isHub, type ReconnectedParty } from '../peers/hub-parties.ts';
import { createClientInfoPulls } from '../peers/pull-client-info.ts';
import { Registration } from '../peers/registration.ts';
import { endPeer, type WithdrawProfile } from '../rights/end-peer.ts';
import type { Cpo } from './compose-cpo.ts';
import type { Remote } from './compose-remote.ts';
import type { Tokens } from './compose-tokens.ts';
import type { SharedServices } from './shared-services.ts';

/** The parts to notify when a peer registers or unregisters. */
export interface PeerDependencies {
  services: SharedServices;
  cpo: Cpo | undefined;
  remote: Remote | undefined;
  tokens: Tokens;
  withdrawProfile: WithdrawProfile;
}

/** Creates the registration of peers, the parties behind hubs and their client info. */
export function composePeers(context: Context, { services, cpo, remote, tokens, withdrawProfile }: PeerDependencies) {
  const ended = async (peer: PeerId) => {
    remote?.pulls.forget(peer);
    clientInfo.forget(peer);
    await tokens.peerEnded(peer);
    await cpo?.preferences.refresh();
    await endPeer(context, withdrawProfile, peer);
  };
  const pull = (peer: PeerId) => {
    remote?.pulls.pull(peer);
    tokens.peerRegistered(peer);
    context.work.start('preferences of drivers', async () => cpo?.preferences.refresh());
  };
  const hubs = new HubParties(context, { reconnected: (party) => catchUp(context, { services, cpo, remote, tokens }, party) });
  const clientInfo = createClientInfoPulls(context, hubs, pull);
  // The client info of a hub comes first: objects of parties behind it are accepted only when the parties are known.
  const registered = async (id: PeerId) => {
    const peer = await context.peers.find(id);
    if (peer && isHub(peer)) clientInfo.pull(id);
    else pull(id);
  };
  const registration = new Registration(context, {
    ended,
    registered: (peer) => context.work.start(`registration of ${peer}`, () => registered(peer)),
  });
  /** What follows when the operator lets parties in behind a hub. */
  const welcomeApproved = async () => {
    for (const party of await takeApproved(context)) {
      catchUp(context, { services, cpo, remote, tokens }, party);
      tokens.peerRegistered(party.hub);
    }
  };
  return { registration, hubs, clientInfo, ended, welcomeApproved };
}

/** A party behind a hub is connected again: sends what it missed, and pulls its objects (HCI-02). */
function catchUp({ work }: Context, { services, cpo, remote, tokens }: Omit<PeerDependencies, 'withdrawProfile'>, reconnected: ReconnectedParty): void {
  const { party } = reconnected;
  work.start(`reconnection of ${party}`, () =>
    Promise.all([services.sessionPushes.retry(party), cpo?.activeProfiles.partyIsBack(party), remote?.profiles?.refresh(party)]),
  );
  tokens.push(reconnected.hub);
  remote?.pulls.pullParty(reconnected);
}
