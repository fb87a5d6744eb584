import { departedPeers } from '../../store/sql/peer.ts';
import type { Ground } from '../core/context.ts';
import { endOverdue } from '../exchanges/end-overdue.ts';
import type { HubParties } from '../peers/hub-parties.ts';
import type { Registration } from '../peers/registration.ts';
import { Lapses } from '../rights/expired-rights.ts';
import { PlannedSessions } from '../scsp/plan-sessions.ts';
import { plannedEvseOf } from '../scsp/planned-evse.ts';
import type { Chores } from '../upkeep/scheduled-jobs.ts';
import { type Cpo, composeCpo } from './compose-cpo.ts';
import { composeMeeting } from './compose-peers.ts';
import { composeEmsp, type Emsp } from './compose-remote.ts';
import { composeTokens, type Tokens } from './compose-tokens.ts';
import { type Footing, layFooting } from './shared-services.ts';
import { createTakeBack } from './withdraw-profiles.ts';

/** The roles that a node plays, each put together from its parts; none knows another. */
export interface Roles {
  registration: Registration;
  hubs: HubParties;
  footing: Footing;
  cpo: Cpo | undefined;
  emsp: Emsp | undefined;
  tokens: Tokens;
  /** An SCSP with sites to plan for. */
  scsp: PlannedSessions | undefined;
  chores: Chores;
  /** Takes up what an earlier run left open. */
  recover(): Promise<void>;
}

/** Tokens are renewed before they are a month old (CRE-23). */
const TOKEN_AGE_MS = 28 * 86_400_000;

export function compose(ground: Ground): Roles {
  const plays = (...roles: readonly string[]) => ground.config.parties.some(({ role }) => roles.includes(role));
  const footing = layFooting(ground);
  const tokens = composeTokens(ground);
  const cpo = plays('CPO') ? composeCpo(ground, footing, tokens.book) : undefined;
  const emsp = plays('EMSP', 'SCSP') ? composeEmsp(ground, footing) : undefined;
  const scsp = plays('SCSP') && emsp ? composeScsp(ground, emsp) : undefined;
  const takeBack = createTakeBack(ground, () => ({ desk: cpo?.desk, sender: emsp?.sender }));
  const lapses = new Lapses(ground, { takeBack, tell: (session) => footing.pushes.changed(session) });
  const { registration, hubs, clientInfo, gone } = composeMeeting(ground, { footing, cpo, emsp, tokens, takeBack });
  return {
    registration,
    hubs,
    footing,
    cpo,
    emsp,
    tokens,
    scsp,
    chores: {
      retryPushes: async () => {
        await footing.pushes.retry();
        await cpo?.locationPushes.retry();
      },
      refreshActiveProfiles: async () => {
        await cpo?.activeProfiles.refresh();
        await emsp?.profiles?.refresh();
      },
      pullSessions: async () => {
        await clientInfo.pullAll();
        await emsp?.pulls.pullAll();
      },
      pullTokens: tokens.pullAll,
      pushTokens: tokens.pushAll,
      sampleLoad: async () => cpo?.load.sample(ground.clock.now()),
      endOverdue: () => endOverdue(ground),
      endLapsed: async () => {
        await footing.agreements.refresh();
        await cpo?.preferences.refresh();
        await lapses.end();
      },
      meetPeers: async () => {
        for (const peer of await ground.store.all(departedPeers)) await gone(peer);
        await clientInfo.pullNew();
        await emsp?.pulls.pullNew();
        await tokens.pullNew();
      },
      renewTokens: () => renewTokens(ground, registration),
    },
    recover: () => takeUp({ footing, cpo, emsp, tokens }),
  };
}

/** In this order: rights and limits before what they allow, places before what happens there. */
async function takeUp({ footing, cpo, emsp, tokens }: Pick<Roles, 'footing' | 'cpo' | 'emsp' | 'tokens'>): Promise<void> {
  await footing.agreements.refresh();
  await footing.allowances.recover();
  await tokens.recover();
  await cpo?.preferences.recover();
  await cpo?.locations.open();
  await cpo?.locationPushes.open();
  await cpo?.carrier.recover();
  await emsp?.sender.recover();
  await emsp?.results?.recover();
}

function composeScsp(ground: Ground, { sender, pulls, locations }: Emsp): PlannedSessions | undefined {
  const { planner } = ground.config;
  return planner && new PlannedSessions(ground, planner, { sender, pull: pulls.pull, evseOf: (session) => plannedEvseOf(locations, session) });
}

async function renewTokens({ peers, clock, complain }: Ground, registration: Registration): Promise<void> {
  for (const peer of await peers.all()) {
    const old = peer.status === 'REGISTERED' && peer.registeredAt !== undefined && clock.now() - peer.registeredAt > TOKEN_AGE_MS;
    const renewed = old ? await registration.rotate(peer.id) : undefined;
    if (renewed && !renewed.ok) complain(`token renewal with ${peer.id}`, renewed.problem);
  }
}
