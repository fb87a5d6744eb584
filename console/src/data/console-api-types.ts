// Types of the operator API that only the page uses. As in api-types.ts, these are types and nothing else.

import type { Static } from 'typebox';
import type { AlarmView } from '../../../src/node/alarms/alarm-view.ts';
import type { ActPreview, RunningAct, SteeringView, UndoRequest } from '../../../src/node/api/acts/schemas.ts';
import type { ConsentView as ConsentSchema, ContractView } from '../../../src/node/api/agreements/schemas.ts';
import type { AuditView } from '../../../src/node/api/audit.ts';
import type { Checklist } from '../../../src/node/api/checklist.ts';
import type { MessageView } from '../../../src/node/api/exchanges/schemas.ts';
import type { KeyView as KeySchema } from '../../../src/node/api/keys.ts';
import type { Overview } from '../../../src/node/api/overview.ts';
import type { PeerDetail } from '../../../src/node/api/peers/schemas.ts';
import type { PlanView } from '../../../src/node/api/plan.ts';
import type { SeriesView } from '../../../src/node/api/sessions/schemas.ts';
import type { MeView } from '../../../src/node/api/sign-in/schemas.ts';
import type { CommandResult, StationHistory, StationMessage, StationMessages } from '../../../src/node/api/stations/message-schemas.ts';
import type { StationDetail } from '../../../src/node/api/stations/schemas.ts';
import type { TokenClaimView } from '../../../src/node/api/token-claims.ts';
import type { TroubleAct, TroubleView } from '../../../src/node/api/trouble/schemas.ts';
import type { UserView as UserSchema } from '../../../src/node/api/users.ts';
import type { Point } from './point.ts';

export type { ShadowReport, ShadowRequest, ShadowSiteDay, ShadowStationDay } from '../../../src/node/api/shadow/schemas.ts';
export type { SiteDay, SiteMoment } from '../../../src/node/api/sites/day/schemas.ts';
export type { SiteView } from '../../../src/node/api/sites/schemas.ts';
export type {
  ActPreview,
  AlarmView,
  AuditView,
  Checklist,
  CommandResult,
  ContractView,
  MessageView,
  MeView,
  Overview,
  PeerDetail,
  PlanView,
  RunningAct,
  StationDetail,
  StationHistory,
  StationMessage,
  StationMessages,
  SteeringView,
  TokenClaimView,
  TroubleAct,
  TroubleView,
  UndoRequest,
};

/** A key to the operator API, without its secret. */
export type KeyView = Static<typeof KeySchema>;
/** A user of the console. */
export type UserView = Static<typeof UserSchema>;
/** The consent of one driver, or of all drivers, to one party. */
export type ConsentView = Static<typeof ConsentSchema>;

/** Lines of one session over time: requested profile, active profile, EVSE maximum and metered power; `limit` where its site has one, `estimated` where power was not measured. */
export type Series = Omit<SeriesView, 'lines'> & {
  lines: { [Name in 'requested' | 'active' | 'maximum' | 'metered']: readonly Point[] } & { limit?: readonly Point[]; estimated?: readonly Point[] };
};

/** Metered power of each location over the last hour. */
export interface Load {
  from: string;
  to: string;
  sites: { location_id: string; name?: string; sessions: number; limit_watts?: number; load: readonly Point[] }[];
}
