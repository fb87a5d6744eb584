import { type Static, Type } from 'typebox';
import { ok } from '../../domain/result.ts';
import { oneOf } from '../../ocpi/scalars.ts';
import { firstSteps } from '../../store/sql/first-steps.ts';
import type { Context } from '../core/context.ts';
import { type AnsweredRoute, answerRoute, readRoute } from './route.ts';

const STEPS = ['charge-point', 'connected', 'party', 'session', 'profile'] as const;
/** What a new node still needs until its first session is steered. */
const Checklist = Type.Object({
  done: Type.Boolean({ description: 'a profile was accepted: the node is not new any more' }),
  steps: Type.Array(Type.Object({ step: oneOf(...STEPS), done: Type.Boolean() }), {
    description:
      'in their order: a charge point is in the configuration, one was connected, a peer is registered, a session has begun, a profile was accepted; a node without a CPO has no charge points of its own',
  }),
});
export type Checklist = Static<typeof Checklist>;

export const getChecklist = readRoute({
  name: 'get-checklist',
  summary: 'The steps of a new node until its first session is steered.',
  path: 'checklist',
  answer: Checklist,
});

export function checklistAnswers({ store, config, peers }: Pick<Context, 'store' | 'config' | 'peers'>): readonly AnsweredRoute[] {
  // A node that has steered once does not become new again: its store is not asked any more.
  let steered = false;
  const read = async (): Promise<Checklist> => {
    const [steps, known] = await Promise.all([
      steered ? { connected: true, session: true, steered } : store.first(firstSteps).then((it) => it ?? { connected: false, session: false, steered: false }),
      peers.all(),
    ]);
    steered = steps.steered;
    const done = {
      'charge-point': config.charge_points.length > 0,
      connected: steps.connected,
      party: known.some(({ status }) => status === 'REGISTERED'),
      session: steps.session,
      profile: steps.steered,
    };
    const isCpo = config.parties.some(({ role }) => role === 'CPO');
    const shown = STEPS.filter((step) => isCpo || (step !== 'charge-point' && step !== 'connected'));
    return { done: steered, steps: shown.map((step) => ({ step, done: done[step] })) };
  };
  return [answerRoute(getChecklist, async () => ok(await read()))];
}
