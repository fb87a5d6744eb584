import type { PartyKey } from '../../domain/ids.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import type { Planner } from '../../planner/problem.ts';
import { peersToCleanUp } from '../../store/sql/peer.ts';
import { dropPush } from '../../store/sql/push.ts';
import { sessionsToldTo } from '../../store/sql/steering.ts';
import type { Alarms } from '../alarms/alarms.ts';
import { hasRole } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import { endOverdue } from '../exchanges/end-overdue.ts';
import type { HubParties } from '../peers/hub-parties.ts';
import type { Registration } from '../peers/registration.ts';
import { createTellChanges } from '../peers/tell-changes.ts';
import type { RightEndListeners } from '../rights/end-rights.ts';
import { createExpiredRights } from '../rights/expired-rights.ts';
import { alarmOnFailure } from '../rights/failed-checks.ts';
import { createHaltedParties } from '../rights/halted-parties.ts';
import { PlannedSessions } from '../scsp/plan-sessions.ts';
import { plannedEvseOf } from '../scsp/planned-evse.ts';
import { createJobs, type Jobs, type JobWork } from '../upkeep/scheduled-jobs.ts';
import { composeAlarms } from './compose-alarms.ts';
import { type Cpo, composeCpo } from './compose-cpo.ts';
import { composePeers } from './compose-peers.ts';
import { composeRemote, type Remote } from './compose-remote.ts';
import { composeTokens, type Tokens } from './compose-tokens.ts';
import { createSharedServices, type SharedServices } from './shared-services.ts';
import { createWithdrawProfile } from './withdraw-profile.ts';

/** The roles of a node, each created from its parts; no role knows another. */
export interface Roles {
  registration: Registration;
  hubs: HubParties;
  services: SharedServices;
  cpo: Cpo | undefined;
  remote: Remote | undefined;
  tokens: Tokens;
  /** Undefined unless the node is an SCSP with a `planner` in its configuration. */
  scsp: PlannedSessions | undefined;
  alarms: Alarms;
  jobs: Jobs;
  /** The work of each job, without its period. */
  jobWork: JobWork;
  /** Continues what an earlier run of the node left open; call it before the node listens. */
  recover(): Promise<void>;
}

/** The age at which tokens are renewed: less than a month (CRE-23). */
const TOKEN_AGE_MS = 28 * 86_400_000;

/** Creates the roles of the configuration and the jobs of the node; `planner` replaces the built-in one. */
export function compose(context: Context, planner?: Planner): Roles {
  const services = createSharedServices(context);
  const tokens = composeTokens(context);
  const cpo = hasRole(context.config, 'CPO') ? composeCpo(context, services, tokens.authorizer) : undefined;
  const remote = hasRole(context.config, 'EMSP', 'SCSP') ? composeRemote(context, services) : undefined;
  const scsp = hasRole(context.config, 'SCSP') && remote ? composeScsp(context, remote, planner) : undefined;
  const withdrawProfile = createWithdrawProfile(context, () => ({ requests: cpo?.requests, sender: remote?.sender }));
  const whenRightsEnd: RightEndListeners = { withdrawProfile, idForgotten: (session, party) => services.readers.idForgotten(session, party) };
  const endExpiredRights = createExpiredRights(context, { ...whenRightsEnd, pushSession: (session) => services.sessionPushes.changed(session) });
  const { registration, hubs, clientInfo, ended, welcomeApproved } = composePeers(context, { services, cpo, remote, tokens, withdrawProfile });
  const alarms = composeAlarms(context, cpo, () => jobs.trigger('alarms'));
  const jobWork: JobWork = {
    ...repeatedByRoles({ services, cpo, remote, tokens }),
    pullSessions: async () => {
      await clientInfo.pullAll();
      await remote?.pulls.pullAll();
    },
    sampleLoad: async () => cpo?.load.sample(context.clock.now()),
    sampleShadow: async () => cpo?.shadow.sample(),
    saveHeard: async () => cpo?.heard.save(),
    lookAtAlarms: alarms.look,
    endOverdue: () => endOverdue(context),
    endHalted: alarmOnFailure(
      context,
      'halted parties',
      createHaltedParties(context, services.agreements, { ...whenRightsEnd, resumed: (party) => catchUp(context, { services, cpo, remote }, party) }),
    ),
    endExpiredRights: alarmOnFailure(context, 'rights', endExpiredRights),
    refreshCapabilities: async () => cpo?.preferences.refresh(),
    findChangedPeers: async () => {
      for (const peer of await context.store.all(peersToCleanUp)) await ended(peer);
      await clientInfo.pullNew();
      await remote?.pulls.pullNew();
      await tokens.pullNew();
      await welcomeApproved();
    },
    renewTokens: () => renewTokens(context, registration),
    tellChanges: createTellChanges(context, (peer) => registration.rotate(peer)),
  };
  const jobs: Jobs = createJobs(context, jobWork);
  return {
    registration,
    hubs,
    services,
    cpo,
    remote,
    tokens,
    scsp,
    jobWork,
    jobs,
    alarms: alarms.alarms,
    recover: async () => {
      await recover({ services, cpo, remote, tokens });
      await alarms.recover();
    },
  };
}

type Parts = Pick<Roles, 'services' | 'cpo' | 'remote' | 'tokens'>;

/** What the roles repeat each for itself. */
const repeatedByRoles = ({ services, cpo, remote, tokens }: Parts): Pick<JobWork, 'retryPushes' | 'refreshActiveProfiles' | 'pullTokens' | 'pushTokens'> => ({
  retryPushes: async () => {
    await services.sessionPushes.retry();
    await cpo?.locationPushes.retry();
  },
  refreshActiveProfiles: async () => {
    await cpo?.activeProfiles.refresh();
    await remote?.profiles?.refresh();
  },
  pullTokens: tokens.pullAll,
  pushTokens: tokens.pushAll,
});

/** Sends a party that was halted what holds now on the sessions that it controlled: the active profiles, and the whole sessions. */
async function catchUp({ store }: Context, { services, cpo, remote }: Omit<Parts, 'tokens'>, party: PartyKey): Promise<void> {
  const sessions = await store.all(sessionsToldTo(party));
  await store.commit(sessions.map((session) => dropPush(session, party)));
  for (const session of sessions) services.sessionPushes.changed(session);
  await Promise.all([cpo?.activeProfiles.partyIsBack(party), remote?.profiles?.refresh(party)]);
}

/** The order matters: rights and rate limits before the requests that they decide, locations before the sessions there. */
async function recover({ services, cpo, remote, tokens }: Parts): Promise<void> {
  await services.agreements.refresh();
  await services.rateLimits.recover();
  await tokens.recover();
  await cpo?.preferences.recover();
  await cpo?.locations.recover();
  await cpo?.heard.recover();
  await cpo?.csmsProfiles.recover();
  await cpo?.sessions.recover();
  await cpo?.locationPushes.recover();
  await cpo?.dispatcher.recover();
  await remote?.sender.recover();
  await remote?.results?.recover();
}

/** `planner`: that of a program that embeds the node. */
function composeScsp(context: Context, { sender, pulls, locations }: Remote, planner: Planner | undefined): PlannedSessions | undefined {
  const settings = context.config.planner;
  const dependencies = { sender, pull: pulls.pull, evseOf: (session: WireSession) => plannedEvseOf(locations, session), ...(planner && { planner }) };
  return settings && new PlannedSessions(context, settings, dependencies);
}

async function renewTokens({ peers, clock, work, reportError }: Context, registration: Registration): Promise<void> {
  for (const peer of await peers.all()) {
    const old = peer.status === 'REGISTERED' && peer.registeredAt !== undefined && clock.now() - peer.registeredAt > TOKEN_AGE_MS;
    const renewed = old ? await registration.rotate(peer.id) : undefined;
    if (renewed && !renewed.ok && !work.cutOff.aborted) reportError(`token renewal with ${peer.id}`, renewed.problem);
  }
}
