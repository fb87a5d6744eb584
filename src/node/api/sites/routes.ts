import { Type } from 'typebox';
import { Reason } from '../fields.ts';
import { listOf } from '../lists.ts';
import { nothing, readRoute, route } from '../route.ts';
import { LimitToImpose, MeterReading, SiteView, TakenReading } from './schemas.ts';

export const listSites = readRoute({
  name: 'list-sites',
  summary: 'The sites of this node: their limits now, the load that counts against them, and the limit of each EVSE.',
  path: 'sites',
  answer: listOf(SiteView),
});

const node = Type.String({ minLength: 1, maxLength: 1_000, description: 'names with slashes between, such as garage/north' });
export const NodePath = Type.Object({ node });
const NodeAndReason = Type.Object({ node, reason: Reason });

export const imposeLimit = route({
  name: 'impose-limit',
  summary: 'Imposes a limit on a node of a site, in addition to its own limits, until it is lifted or ends.',
  method: 'PUT',
  path: 'sites/limits',
  scope: 'operate',
  query: NodeAndReason,
  body: LimitToImpose,
  answer: listOf(SiteView),
  replies: 'at once',
});

export const liftLimit = route({
  name: 'lift-limit',
  summary: 'Lifts the imposed limit of a node of a site. Its own limits stay.',
  method: 'DELETE',
  path: 'sites/limits',
  scope: 'operate',
  query: NodeAndReason,
  body: nothing,
  answer: listOf(SiteView),
  replies: 'at once',
});

export const measureBuilding = route({
  name: 'measure-building',
  summary: 'A reading of the meter of the building behind a node of a site, without its EVSEs: the EVSEs share what the building leaves.',
  method: 'PUT',
  path: 'sites/{node}/meter',
  scope: 'operate',
  query: nothing,
  body: MeterReading,
  answer: TakenReading,
  replies: 'at once',
  isReading: true,
});
