import { Type } from 'typebox';
import { listOf } from '../lists.ts';
import { readRoute, route } from '../route.ts';
import { SetMode } from '../sessions/routes.ts';
import { NodePath } from '../sites/routes.ts';
import { ActPreview, LimitAct, ProfileAct, RunningAct, SteeringView } from './schemas.ts';

export const previewProfile = route({
  name: 'preview-charging-profile',
  summary: 'What a set or clear would replace, and which limits would rise and fall, also of other EVSEs of the site. Nothing is sent.',
  method: 'POST',
  path: 'sessions/{session}/charging-profile/preview',
  scope: 'operate',
  query: Type.Object({ mode: SetMode }),
  body: ProfileAct,
  answer: ActPreview,
  replies: 'at once',
  isReading: true,
});

export const previewLimit = route({
  name: 'preview-limit',
  summary: 'What an imposed limit on a node of a site, or its removal, would replace, and which limits of EVSEs would rise and fall. Nothing is sent.',
  method: 'POST',
  path: 'sites/limits/preview',
  scope: 'operate',
  query: NodePath,
  body: LimitAct,
  answer: ActPreview,
  replies: 'at once',
  isReading: true,
});

export const listRunningActs = readRoute({
  name: 'list-running-acts',
  summary: 'The profiles of the operator and the imposed limits that hold now or will, the one that ends first at the top.',
  path: 'acts/running',
  answer: listOf(RunningAct),
});

export const getSteering = readRoute({
  name: 'get-steering',
  summary: 'Which party steers which sessions now, and which limits would hold without it.',
  path: 'steering',
  answer: SteeringView,
});
