import type { PeerId } from '../../domain/ids.ts';
import type { Ground } from '../core/context.ts';
import { type Back, HubParties, isHub } from '../peers/hub-parties.ts';
import { createClientInfoPulls } from '../peers/pull-client-info.ts';
import { Registration } from '../peers/registration.ts';
import { farewell } from '../rights/end-peer.ts';
import type { Cpo } from './compose-cpo.ts';
import type { Emsp } from './compose-remote.ts';
import type { Tokens } from './compose-tokens.ts';
import type { Footing } from './shared-services.ts';
import type { TakeBack } from './withdraw-profiles.ts';

/** Whom it matters to that a peer comes or goes. */
export interface Meeting {
  footing: Footing;
  cpo: Cpo | undefined;
  emsp: Emsp | undefined;
  tokens: Tokens;
  takeBack: TakeBack;
}

/** How peers come and go, and who stands behind those that are hubs. */
export function composeMeeting(ground: Ground, { footing, cpo, emsp, tokens, takeBack }: Meeting) {
  const gone = async (peer: PeerId) => {
    await tokens.gone(peer);
    await cpo?.preferences.refresh();
    await farewell(ground, takeBack, peer);
  };
  const pull = (peer: PeerId) => {
    emsp?.pulls.pull(peer);
    tokens.arrived(peer);
    cpo?.preferences.refresh().catch((error) => ground.complain('preferences of drivers', error));
  };
  const hubs = new HubParties(ground, { back: (party) => welcomeBack(ground, { footing, cpo, emsp }, party) });
  const clientInfo = createClientInfoPulls(ground, hubs, pull);
  const arrived = async (id: PeerId) => {
    const peer = await ground.peers.find(id);
    if (peer && isHub(peer)) clientInfo.pull(id);
    else pull(id);
  };
  const registration = new Registration(ground, {
    gone,
    arrived: (peer) => void arrived(peer).catch((error) => ground.complain(`arrival of ${peer}`, error)),
  });
  return { registration, hubs, clientInfo, gone };
}

/** A party behind a hub can be reached again: what it is owed is told at once, and what it has is pulled (HCI-02). */
function welcomeBack({ complain }: Ground, { footing, cpo, emsp }: Pick<Meeting, 'footing' | 'cpo' | 'emsp'>, back: Back): void {
  const { party } = back;
  Promise.all([footing.pushes.retry(party), cpo?.activeProfiles.owedTo(party), emsp?.profiles?.refresh(party)]).catch((error) =>
    complain(`return of ${party}`, error),
  );
  emsp?.pulls.pullParty(back);
}
