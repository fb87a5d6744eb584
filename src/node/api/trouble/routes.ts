import { nothing, readRoute, route } from '../route.ts';
import { TroubleBody, TroubleView } from './schemas.ts';

export const getTrouble = readRoute({
  name: 'get-trouble',
  summary: 'Demo only: the simulated charge points, cars, parties and fuses, and what troubles them now.',
  path: 'demo/trouble',
  answer: TroubleView,
});

export const causeTrouble = route({
  name: 'cause-trouble',
  summary: 'Demo only: troubles one thing of the simulated world, or ends that trouble.',
  method: 'POST',
  path: 'demo/trouble',
  scope: 'operate',
  query: nothing,
  body: TroubleBody,
  answer: TroubleView,
  replies: 'at once',
});

/** Routes that exist only in a demo; no configuration turns them on. */
export const troubleRoutes = [getTrouble, causeTrouble];
