import { type Static, Type } from 'typebox';
import { ok, type Result } from '../../domain/result.ts';
import { ChargingProfile } from '../../ocpi/chargingprofiles/charging-profile.ts';
import { writeChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import { oneOf } from '../../ocpi/scalars.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { isInstalled } from '../../roles/scsp/steered-session.ts';
import { runningRemote } from '../../store/sql/session.ts';
import type { Roles } from '../compose/compose.ts';
import type { Context } from '../core/context.ts';
import { Key, Moment } from './fields.ts';
import { type Refusal, refuse } from './refusal.ts';
import { type AnsweredRoute, answerRoute, readRoute } from './route.ts';

/** The last plan of an SCSP: its sites, and each session with its profile and the reason for it. */
const PlanView = Type.Object({
  planned_at: Type.Optional(Moment),
  sites: Type.Array(
    Type.Object({ location_id: Type.String(), limit: Type.Number({ description: 'W over all phases, or A on each phase: see unit' }), unit: oneOf('A', 'W') }),
  ),
  sessions: Type.Array(
    Type.Object({
      session: Key,
      location_id: Type.String(),
      state: oneOf('steered', 'uncontrollable', 'stopped', 'dropped'),
      why: Type.String(),
      charging_profile: Type.Optional(ChargingProfile),
      sent_at: Type.Optional(Moment),
      underway: Type.Boolean(),
      installed: Type.Boolean({
        description: 'the profile is in force, as far as the planner knows: it was confirmed, and nothing that the CPO sent since speaks against it',
      }),
      refusal: Type.Optional(Type.String()),
    }),
  ),
});
export type PlanView = Static<typeof PlanView>;

export const getPlan = readRoute({
  name: 'get-plan',
  summary: 'The last plan of an SCSP, with the reason for each profile.',
  path: 'plan',
  answer: PlanView,
});

export const planAnswers = (context: Pick<Context, 'store'>, roles: Pick<Roles, 'scsp'>): readonly AnsweredRoute[] => [
  answerRoute(getPlan, () => viewPlan(context, roles)),
];

async function viewPlan({ store }: Pick<Context, 'store'>, { scsp }: Pick<Roles, 'scsp'>): Promise<Result<PlanView, Refusal>> {
  if (!scsp) return refuse(404, 'NOT_FOUND', 'this node has no planner: its configuration needs a party with role SCSP and planner.sites');
  const { plannedAt, why, sites, siteAt, steered } = scsp.snapshot;
  const planned = new Map(steered.map((it) => [it.key, it]));
  const running = (await store.all(runningRemote<WireSession, undefined>())).filter(({ body }) => siteAt(body.location_id) !== undefined);
  return ok({
    ...(plannedAt !== undefined && { planned_at: printDateTime(plannedAt) }),
    sites: sites.map(({ location, limit }) => ({ location_id: location, limit: limit.value, unit: limit.unit })),
    sessions: running.map(({ key, body }) => {
      const it = planned.get(key);
      const sentAt = it?.sentAt.at(-1);
      return {
        session: key,
        location_id: body.location_id,
        state: it?.state ?? 'steered',
        why: why.get(key) ?? '',
        ...(it?.intended && { charging_profile: writeChargingProfile(it.intended) }),
        ...(sentAt !== undefined && { sent_at: printDateTime(sentAt) }),
        underway: it?.underway !== undefined,
        installed: it !== undefined && isInstalled(it),
        ...(it?.refusal !== undefined && { refusal: it.refusal }),
      };
    }),
  });
}
