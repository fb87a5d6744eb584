import { ok, type Result } from '../../domain/result.ts';
import { writeChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { runningRemote } from '../../store/sql/session.ts';
import type { Roles } from '../compose/compose.ts';
import type { Context } from '../core/context.ts';
import type { PlanView } from './peers/schemas.ts';
import { type Refusal, refuse } from './refusal.ts';

/** What the planner of this node last planned for the sessions at its sites, and why. */
export async function showPlan({ store }: Pick<Context, 'store'>, { scsp }: Pick<Roles, 'scsp'>): Promise<Result<PlanView, Refusal>> {
  if (!scsp) return refuse(404, 'NOT_FOUND', 'this node plans nothing: a party with role SCSP and planner.sites in its configuration would');
  const { plannedAt, why, sites, siteAt, steered } = scsp.snapshot;
  const known = new Map(steered.map((it) => [it.key, it]));
  const running = (await store.all(runningRemote<WireSession, undefined>())).filter(({ body }) => siteAt(body.location_id) !== undefined);
  return ok({
    ...(plannedAt !== undefined && { planned_at: printDateTime(plannedAt) }),
    sites: sites.map(({ location, limit }) => ({ location_id: location, limit: limit.value, unit: limit.unit })),
    sessions: running.map(({ key, body }) => {
      const it = known.get(key);
      const sentAt = it?.sentAt.at(-1);
      return {
        session: key,
        location_id: body.location_id,
        state: it?.state ?? 'steered',
        why: why.get(key) ?? '',
        ...(it?.intended && { charging_profile: writeChargingProfile(it.intended) }),
        ...(sentAt !== undefined && { sent_at: printDateTime(sentAt) }),
        underway: it?.underway !== undefined,
        ...(it?.refusal !== undefined && { refusal: it.refusal }),
      };
    }),
  });
}
