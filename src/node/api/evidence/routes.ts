import { Type } from 'typebox';
import { queryRoute } from '../route.ts';
import { EvidenceView } from './columns.ts';

const DateTime = (description: string) => Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$', description }));

export const getEvidence = queryRoute({
  name: 'get-evidence',
  summary: 'Evidence for a settlement: what was asked, ordered, confirmed, offered and drawn, of a session or of a site.',
  path: 'evidence',
  query: Type.Object({
    subject: Type.String({ minLength: 1, maxLength: 200, description: 'a session (NL*EVK*ID), the name of a site, or the id of a location' }),
    from: DateTime('UTC, such as 2026-01-31T09:30:00Z; default: the start of the session, or one day before `to`; at most 31 days before `to`'),
    to: DateTime('UTC, excluded; default: now'),
  }),
  answer: EvidenceView,
});
