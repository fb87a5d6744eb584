import type { Roles } from '../compose/compose.ts';
import type { Context } from '../core/context.ts';
import type { Keys } from '../operators/keys.ts';
import type { Users } from '../operators/users.ts';
import { approveClaim } from '../peers/party-claims.ts';
import type { AgreementChanges } from '../rights/change-agreements.ts';
import { actAnswers } from './acts/answers.ts';
import * as acts from './acts/routes.ts';
import { agreementAnswers } from './agreements/answers.ts';
import * as agreements from './agreements/routes.ts';
import { alarmAnswers } from './alarms/answers.ts';
import * as alarms from './alarms/routes.ts';
import * as audit from './audit.ts';
import * as checklist from './checklist.ts';
import * as events from './events/routes.ts';
import { evidenceAnswers } from './evidence/answers.ts';
import * as evidence from './evidence/routes.ts';
import { exchangeAnswers } from './exchanges/answers.ts';
import * as exchanges from './exchanges/routes.ts';
import * as keys from './keys.ts';
import * as load from './load.ts';
import * as locations from './locations.ts';
import type { Operator } from './operator.ts';
import * as overview from './overview.ts';
import { peerAnswers } from './peers/answers.ts';
import * as peers from './peers/routes.ts';
import * as plan from './plan.ts';
import type { AnsweredRoute, Route } from './route.ts';
import * as savedViews from './saved-views.ts';
import { sessionAnswers } from './sessions/answers.ts';
import * as sessions from './sessions/routes.ts';
import { shadowAnswers } from './shadow/answers.ts';
import * as shadow from './shadow/routes.ts';
import { siteAnswers } from './sites/answers.ts';
import { siteDayAnswers } from './sites/day/operations.ts';
import * as siteDays from './sites/day/routes.ts';
import * as sites from './sites/routes.ts';
import { stationAnswers } from './stations/answers.ts';
import * as stationMessages from './stations/message-routes.ts';
import * as stations from './stations/routes.ts';
import * as tokenClaims from './token-claims.ts';
import * as users from './users.ts';

/** Every route that needs authentication, in the order of the OpenAPI document. */
export const routes: readonly Route[] = [
  sessions.listSessions,
  sessions.exportSessions,
  sessions.getSession,
  sessions.getNamedSession,
  sessions.getWhy,
  sessions.getHistory,
  sessions.setProfile,
  sessions.getActiveProfile,
  sessions.clearProfile,
  sessions.setPreferences,
  exchanges.listExchanges,
  exchanges.exportExchanges,
  exchanges.getExchange,
  peers.listPeers,
  stations.listStations,
  locations.listLocations,
  sites.listSites,
  sites.imposeLimit,
  sites.liftLimit,
  sites.measureBuilding,
  siteDays.getSiteDay,
  siteDays.getSiteMoment,
  evidence.getEvidence,
  shadow.getShadow,
  shadow.listShadowRequests,
  events.followEvents,
  overview.getOverview,
  checklist.getChecklist,
  alarms.listAlarms,
  alarms.acknowledgeAlarm,
  exchanges.getMessages,
  sessions.getSeries,
  load.getLoad,
  peers.getPeer,
  stations.getStation,
  stationMessages.listStationMessages,
  stationMessages.getStationHistory,
  stationMessages.askAbilities,
  stationMessages.triggerMessage,
  agreements.listContracts,
  agreements.listConsents,
  agreements.listHalted,
  plan.getPlan,
  audit.listAudit,
  peers.addPeer,
  peers.approveParty,
  peers.rotatePeer,
  peers.unregisterPeer,
  agreements.addContract,
  agreements.endContract,
  agreements.addConsent,
  agreements.withdrawConsent,
  agreements.haltParty,
  agreements.resumeParty,
  tokenClaims.listTokenClaims,
  tokenClaims.approveToken,
  keys.listKeys,
  keys.addKey,
  keys.revokeKey,
  users.listUsers,
  users.addUser,
  users.setPassword,
  users.removeUser,
  savedViews.listViews,
  savedViews.saveView,
  savedViews.removeView,
  acts.previewProfile,
  acts.previewLimit,
  acts.listRunningActs,
  acts.getSteering,
];

/** What the answers of all nouns need. */
export interface AnswerDependencies {
  context: Context;
  roles: Roles;
  operator: Operator;
  agreements: AgreementChanges;
  keys: Keys;
  users: Users;
}

/** The answers to all routes, by noun; the stream of events is served by events/serve-events.ts. */
export const answersOf = (it: AnswerDependencies): readonly AnsweredRoute[] => [
  ...sessionAnswers(it.operator, it.context.clock),
  ...exchangeAnswers(it.operator),
  ...peerAnswers({
    approve: (peer, party) => approveClaim(it.context, peer, party),
    operations: it.operator,
    peers: it.context.peers,
    patience: it.context.patience,
    registration: it.roles.registration,
  }),
  ...stationAnswers(it.operator),
  ...locations.locationAnswers(it.operator),
  ...siteAnswers(it.operator),
  ...siteDayAnswers(it.operator),
  ...evidenceAnswers(it.operator),
  ...shadowAnswers(it.context, it.roles),
  ...overview.overviewAnswers(it.context, it),
  ...checklist.checklistAnswers(it.context),
  ...alarmAnswers({ alarms: it.roles.alarms, keys: it.keys, users: it.users }),
  ...load.loadAnswers(it.context, it.roles),
  ...plan.planAnswers(it.context, it.roles),
  ...agreementAnswers(it),
  ...tokenClaims.tokenClaimAnswers(it.context),
  ...audit.auditAnswers({ store: it.context.store, keys: it.keys, users: it.users }),
  ...keys.keyAnswers(it.keys),
  ...users.userAnswers(it.users),
  ...savedViews.savedViewAnswers(it.context),
  ...actAnswers({ ...it, clock: it.context.clock }),
];
