import { stationId } from '../../../domain/ids.ts';
import { ok, type Result } from '../../../domain/result.ts';
import type { Abilities } from '../../../domain/station.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import type { OwnSession, Progress } from '../../../roles/cpo/session.ts';
import { inputsOf } from '../../../store/sql/input.ts';
import { runningAt } from '../../../store/sql/session.ts';
import { stationById } from '../../../store/sql/station.ts';
import type { Context } from '../../core/context.ts';
import type { StationDetail } from '../peers/schemas.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { show } from '../sessions/find-session.ts';
import { viewSession, viewStation } from '../sessions/view-session.ts';

/** Fewer periods than this cannot tell of a day in quarters of an hour. */
const ENOUGH_PERIODS = 96;

/** One charge point of the configuration, with what it can. */
export async function showStation({ store, config, clock }: Context, id: string): Promise<Result<StationDetail, Refusal>> {
  const point = config.charge_points.find((it) => it.id === id);
  if (!point) return refuse(404, 'NOT_FOUND', `no charge point ${show(id)} in the configuration`);
  const told = await store.first(stationById<Abilities>(stationId(id)));
  const running = await store.all(runningAt<OwnSession, Progress>(stationId(id)));
  const sessions = await Promise.all(running.map(async (it) => viewSession(it, await store.all(inputsOf(it.key)), clock.now())));
  return ok({
    ...viewStation(point, told),
    ...(told?.abilities && { abilities: viewAbilities(told.abilities) }),
    connection: { online: told?.online ?? false, ...(told && { ocpp: told.version, epoch: told.epoch, seen_at: printDateTime(told.seenAt) }) },
    quirks: told?.abilities ? quirksOf(told.abilities) : [],
    sessions,
  });
}

const viewAbilities = (it: Abilities): NonNullable<StationDetail['abilities']> => ({
  smart_charging: it.smartCharging,
  ...(it.compositeSchedule !== undefined && { composite_schedule: it.compositeSchedule }),
  units: [...it.units],
  max_stack_level: it.maxStackLevel,
  max_periods: it.maxPeriods,
  ...(it.maxProfiles !== undefined && { max_profiles: it.maxProfiles }),
});

/** Where it falls short of what is usual. */
function quirksOf({ smartCharging, compositeSchedule, units, maxStackLevel, maxPeriods, maxProfiles }: Abilities): string[] {
  const [unit, ...others] = units;
  return [
    ...(smartCharging ? [] : ['takes no charging profiles']),
    ...(compositeSchedule === false ? ['cannot say what it stays below'] : []),
    ...(unit !== undefined && others.length === 0 ? [`knows limits in ${unit} only`] : []),
    ...(maxStackLevel < 1 ? ['has one level of profiles only'] : []),
    ...(maxPeriods < ENOUGH_PERIODS ? [`takes ${maxPeriods} periods in a profile at most`] : []),
    ...(maxProfiles === undefined ? [] : [`keeps ${maxProfiles} profiles at most`]),
  ];
}
