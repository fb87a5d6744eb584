import { Type } from 'typebox';
import { queryRoute } from '../../route.ts';
import { SiteDay, SiteMoment } from './schemas.ts';

const Time = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 40, description }));
const Node = Type.Optional(
  Type.String({ minLength: 1, maxLength: 1_000, description: 'path of a node of the site, such as garage/north; default: the grid connection' }),
);

export const getSiteDay = queryRoute({
  name: 'get-site-day',
  summary: 'A day of a site: the limit of a node over time, as it was and as it is planned, and what each session drew and was allowed.',
  path: 'sites/{site}/day',
  query: Type.Object({
    node: Node,
    from: Time('UTC, such as 2026-01-31T00:00:00Z; default: the begin of today in the time zone of the site'),
    to: Time('UTC, excluded, at most 25 h after `from`; default: 24 h after it'),
  }),
  answer: SiteDay,
});

export const getSiteMoment = queryRoute({
  name: 'get-site-moment',
  summary: 'Who held what at a site at a moment, and why: each session with its limit, where the limit came from, and what it drew.',
  path: 'sites/{site}/moment',
  query: Type.Object({ node: Node, at: Time('UTC, such as 2026-01-31T09:30:00Z; default: now') }),
  answer: SiteMoment,
});
