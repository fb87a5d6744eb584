// As words.ts: the door's own words, and nothing but types.
import type { Static } from 'typebox';
import type {
  AuditView,
  ConsentView as ConsentSchema,
  ContractView,
  MessageView,
  Overview,
  PeerDetail,
  PlanView,
  SeriesView,
  StationDetail,
} from '../../../src/node/api/peers/schemas.ts';
import type { MeView } from '../../../src/node/api/sign-in/schemas.ts';

export type { SiteView } from '../../../src/node/api/sites/schemas.ts';
export type { AuditView, ContractView, MessageView, MeView, Overview, PeerDetail, PlanView, StationDetail };

export type ConsentView = Static<typeof ConsentSchema>;

/** A value from its moment on: epoch seconds, and watts or nothing. */
export type Point = readonly [at: number, watts: number | null];

/** What was asked of a session, what holds for it and what it took, over time; `limit` where its site has one. */
export type Series = Omit<SeriesView, 'lines'> & {
  lines: { [Name in 'requested' | 'active' | 'maximum' | 'metered']: readonly Point[] } & { limit?: readonly Point[] };
};

/** Measured power of each location over the last hour. */
export interface Load {
  from: string;
  to: string;
  sites: { location_id: string; name?: string; sessions: number; limit_watts?: number; load: readonly Point[] }[];
}
