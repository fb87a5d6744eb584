import { Type } from 'typebox';
import { nothing, route } from '../route.ts';
import { EventView } from './schemas.ts';

export const followEvents = route({
  name: 'follow-events',
  summary:
    'Server-sent events of sessions, active profiles and outcomes. They resume after Last-Event-ID or the parameter after; without either they begin now.',
  method: 'GET',
  path: 'events',
  scope: 'view',
  query: Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })) }),
  body: nothing,
  answer: EventView,
  replies: 'stream',
});
