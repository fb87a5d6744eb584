import { stationId } from '../../../domain/ids.ts';
import { ok, type Result } from '../../../domain/result.ts';
import type { Abilities } from '../../../domain/station.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import { patiences } from '../../../ocpp/patience/kinds.ts';
import type { PatienceCount } from '../../../ocpp/patience/ledger.ts';
import type { OwnSession, Progress } from '../../../roles/cpo/session.ts';
import { healthOf } from '../../../roles/cpo/station-health.ts';
import { runningAt } from '../../../store/sql/session.ts';
import { allStations, type StoredStation, stationById } from '../../../store/sql/station.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { type StationCsms, stationCsms } from '../../gateway/csms-view.ts';
import { oneById, type Refusal } from '../refusal.ts';
import type { SessionViewer } from '../sessions/session-viewer.ts';
import type { StationDetail, StationView } from './schemas.ts';

type ConfiguredStation = Config['charge_points'][number];
type SeenStation = StoredStation<Abilities>;

/** Fewer periods than this cannot describe a day in quarters of an hour. */
const ENOUGH_PERIODS = 96;

/** What an operator reads about the charge points of the configuration. */
export interface StationOperations {
  stations(): Promise<StationView[]>;
  station(id: string): Promise<Result<StationDetail, Refusal>>;
}

/** What the operations need besides the context: the stations that are connected, and how sessions are shown. */
interface Dependencies {
  cpo: Roles['cpo'];
  viewer: Pick<SessionViewer, 'viewOne'>;
}

export function stationOperations({ store, config, stationOddities }: Context, { cpo, viewer }: Dependencies): StationOperations {
  const view = (point: ConfiguredStation, seen: SeenStation | undefined): StationView => {
    const id = stationId(point.id);
    const heard = cpo?.heard.of(id);
    const online = seen?.online ?? false;
    const health = healthOf({ known: seen !== undefined, online, smartCharging: seen?.abilities?.smartCharging, refusals: cpo?.refusedLimits.of(id) });
    return {
      ...viewStation(point, seen, viewPatience(stationOddities.of(id))),
      ...viewCsms(stationCsms(config, point, cpo?.stations.server)),
      ...(seen && { heard_at: printDateTime(heard?.at ?? seen.heardAt) }),
      health,
    };
  };
  return {
    stations: async () => {
      const seen = new Map((await store.all(allStations<Abilities>())).map((it) => [String(it.id), it]));
      return config.charge_points.map((point) => view(point, seen.get(point.id)));
    },
    station: async (id) => {
      const found = oneById(config.charge_points, (it) => it.id, { noun: 'charge point', typed: id, field: 'station' });
      if (!found.ok) return found;
      const point = found.value;
      const seen = await store.first(stationById<Abilities>(stationId(point.id)));
      const running = await store.all(runningAt<OwnSession, Progress>(stationId(point.id)));
      const sessions = await Promise.all(running.map((it) => viewer.viewOne(it)));
      return ok({ ...view(point, seen), ...viewConnection(seen), sessions });
    },
  };
}

/** `seen`: what the charge point last reported; undefined before its first connection. */
function viewStation(point: ConfiguredStation, seen: SeenStation | undefined, patience: StationView['patience']): Omit<StationView, 'health'> {
  const { vendor, model, firmware, abilities } = seen ?? {};
  return {
    id: point.id,
    online: seen?.online ?? false,
    location_id: point.location_id,
    evses: point.evses.map(({ uid, evse_id, power_type }) => ({ uid, evse_id, power_type })),
    ...(seen && { ocpp: seen.version, seen_at: printDateTime(seen.seenAt) }),
    ...(vendor !== undefined && { vendor }),
    ...(model !== undefined && { model }),
    ...(firmware !== undefined && { firmware }),
    ...(abilities && { smart_charging: abilities.smartCharging, units: [...abilities.units] }),
    patience,
  };
}

const viewCsms = (csms: StationCsms | undefined): Pick<StationView, 'csms'> => {
  if (!csms) return {};
  const { host, mode, state, since, lastLost, kept, mostKept } = csms;
  const moments = { ...(since !== undefined && { since: printDateTime(since) }), ...(lastLost !== undefined && { last_lost: printDateTime(lastLost) }) };
  return { csms: { host, mode, ...(state && { state }), ...moments, kept, most_kept: mostKept } };
};

const viewPatience = (counts: readonly PatienceCount[]): StationView['patience'] =>
  counts.map(({ kind, count, firstAt, example }) => ({ kind, ...patiences[kind], count, first_at: printDateTime(firstAt), example }));

const viewConnection = (seen: SeenStation | undefined): Pick<StationDetail, 'abilities' | 'connection' | 'quirks'> => ({
  ...(seen?.abilities && { abilities: viewAbilities(seen.abilities) }),
  connection: { online: seen?.online ?? false, ...(seen && { ocpp: seen.version, epoch: seen.epoch, seen_at: printDateTime(seen.seenAt) }) },
  quirks: seen?.abilities ? quirksOf(seen.abilities) : [],
});

const viewAbilities = (it: Abilities): NonNullable<StationDetail['abilities']> => ({
  smart_charging: it.smartCharging,
  ...(it.compositeSchedule !== undefined && { composite_schedule: it.compositeSchedule }),
  units: [...it.units],
  max_stack_level: it.maxStackLevel,
  max_periods: it.maxPeriods,
  ...(it.maxProfiles !== undefined && { max_profiles: it.maxProfiles }),
});

/** The limitations of a charge point, as sentences. */
function quirksOf({ smartCharging, compositeSchedule, units, maxStackLevel, maxPeriods, maxProfiles }: Abilities): string[] {
  const [unit, ...others] = units;
  return [
    ...(smartCharging ? [] : ['takes no charging profiles']),
    ...(compositeSchedule === false ? ['cannot report its active profile'] : []),
    ...(unit !== undefined && others.length === 0 ? [`supports limits in ${unit} only`] : []),
    ...(maxStackLevel < 1 ? ['has one stack level only'] : []),
    ...(maxPeriods < ENOUGH_PERIODS ? [`takes at most ${maxPeriods} periods in a profile`] : []),
    ...(maxProfiles === undefined ? [] : [`keeps at most ${maxProfiles} profiles`]),
  ];
}
