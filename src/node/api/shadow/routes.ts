import { Type } from 'typebox';
import { pageOf } from '../lists.ts';
import { queryRoute } from '../route.ts';
import { ShadowReport, ShadowRequest, window } from './schemas.ts';

export const getShadow = queryRoute({
  name: 'get-shadow',
  summary: 'What the node would have done at charge points that it only observes, by day and charge point, and how often sites were above their limits.',
  path: 'shadow',
  query: Type.Object({ ...window, site: Type.Optional(Type.String({ maxLength: 100, description: 'only this site and its charge points' })) }),
  answer: ShadowReport,
});

export const listShadowRequests = queryRoute({
  name: 'list-shadow-requests',
  summary:
    'The requests that the node would have sent to charge points that it only observes, newest first; of the limits of a site one a minute for each EVSE.',
  path: 'shadow/requests',
  query: Type.Object(window),
  answer: pageOf(ShadowRequest),
});
