import type { Roles } from '../compose/compose.ts';
import type { Context } from '../core/context.ts';
import type { RecentSteps } from '../core/recent-steps.ts';
import type { Keys } from '../operators/keys.ts';
import type { Users } from '../operators/users.ts';
import type { AgreementChanges } from '../rights/change-agreements.ts';
import { type ActOperations, actOperations } from './acts/operations.ts';
import { type EventOperations, eventOperations } from './events/operations.ts';
import { type EvidenceOperations, evidenceOperations } from './evidence/operations.ts';
import { type ExchangeOperations, exchangeOperations } from './exchanges/operations.ts';
import { type LocationOperations, locationOperations } from './locations.ts';
import { type PeerOperations, peerOperations } from './peers/operations.ts';
import { createSessionFinder } from './sessions/find-session.ts';
import { type SessionOperations, sessionOperations } from './sessions/operations.ts';
import { createSessionViewer } from './sessions/session-viewer.ts';
import { type SiteDayOperations, siteDayOperations } from './sites/day/operations.ts';
import { type SiteOperations, siteOperations } from './sites/operations.ts';
import { type StationMessageOperations, stationMessageOperations } from './stations/message-operations.ts';
import { type StationOperations, stationOperations } from './stations/operations.ts';

/**
 * What the operator of a node may see and do, by `/api/v1` or as a library. Sessions of parties that the node does not act
 * for are left out (SEC-15).
 */
export interface Operator
  extends SessionOperations,
    ExchangeOperations,
    PeerOperations,
    StationOperations,
    StationMessageOperations,
    LocationOperations,
    SiteOperations,
    SiteDayOperations,
    EvidenceOperations,
    EventOperations,
    ActOperations {
  /** Answers every request that waits for an outcome, and ends every sequence of events. */
  stop(): void;
}

interface Dependencies {
  context: Context;
  roles: Pick<Roles, 'cpo' | 'remote' | 'scsp' | 'services'>;
  agreements: AgreementChanges;
  steps: RecentSteps;
  users: Users;
  keys: Keys;
}

/** Puts the operations of all nouns together. */
export function createOperator({ context, roles, agreements, steps, users, keys }: Dependencies): Operator {
  const finder = createSessionFinder(context, roles);
  const viewer = createSessionViewer({ context, roles, users, keys });
  const exchanges = exchangeOperations({ context, findSession: finder.find, steps });
  const events = eventOperations(context);
  return {
    ...sessionOperations({ context, roles, finder, viewer, exchanges }),
    ...exchanges,
    ...peerOperations(context, agreements),
    ...stationOperations(context, { cpo: roles.cpo, viewer }),
    ...stationMessageOperations(context, roles),
    ...locationOperations(context),
    ...siteOperations(context, roles),
    ...siteDayOperations(context, roles, async () => new Map([...(await users.all()), ...(await keys.all())].map(({ id, name }) => [id, name]))),
    ...evidenceOperations(context, finder),
    ...events,
    ...actOperations(context, roles, finder),
    stop: () => {
      events.stopEvents();
      exchanges.stopWaiting();
    },
  };
}
