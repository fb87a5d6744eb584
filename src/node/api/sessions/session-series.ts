import { type Evse, phasesOf } from '../../../domain/evse.ts';
import { isOpen } from '../../../domain/exchange.ts';
import type { ActiveChargingProfile, ChargingProfile } from '../../../domain/profile/charging-profile.ts';
import { evseMaximum } from '../../../domain/profile/convert.ts';
import { type Limit, scheduleOf } from '../../../domain/profile/schedule.ts';
import { type EpochMillis, type EpochSeconds, epochMillis, epochSeconds, seconds, toSeconds } from '../../../domain/units.ts';
import { readActiveChargingProfile, writeActiveChargingProfile, writeChargingProfile } from '../../../ocpi/chargingprofiles/translate.ts';
import { dateTimeMillis, printDateTime } from '../../../ocpi/date-time.ts';
import type { PlannedEvse } from '../../../planner/problem.ts';
import { isOver, type OwnSession } from '../../../roles/cpo/session.ts';
import type { StoredEvent } from '../../../store/sql/event.ts';
import type { StoredExchange } from '../../../store/sql/exchange.ts';
import type { SeriesView } from '../peers/schemas.ts';
import { type AnySession, outcomeOf } from './view-session.ts';

/** What the wires of an EVSE carry, as far as it is known. */
export interface Wires {
  phases?: number;
  voltage?: number;
  watts?: number;
  amperes?: number;
}
export const wiresOf = (evse: Evse): Wires => ({
  ...(evse.powerType !== 'DC' && { phases: phasesOf(evse.powerType), voltage: evse.maxVoltage, amperes: evseMaximum(evse, 'A') }),
  watts: evseMaximum(evse, 'W'),
});
export const toldWires = (evse: PlannedEvse | undefined): Wires => {
  if (!evse) return {};
  const power = evse.power === undefined ? {} : { watts: evse.power };
  if (evse.current === 'DC') return power;
  const { phases, voltage, amperage } = evse;
  if (phases === undefined || voltage === undefined) return power;
  if (amperage === undefined) return { phases, voltage, ...power };
  return { phases, voltage, amperes: amperage, watts: Math.min(evse.power ?? Infinity, phases * voltage * amperage) };
};

/** All that a series is made of. */
export interface Recorded {
  session: AnySession;
  /** Newest first, as they were read. */
  events: readonly StoredEvent[];
  exchanges: readonly StoredExchange[];
  wires: Wires;
  /** W that the site leaves to its EVSE now. */
  site: number | undefined;
  now: EpochMillis;
}

const MOST_POINTS = 500;
/** What is planned is shown so far ahead. */
const AHEAD_MS = 3_600_000;
const USUAL_SPAN = seconds(3_600);

/** Some profile, or none, from a moment on. */
interface Reign {
  from: EpochSeconds;
  profile: ActiveChargingProfile | ChargingProfile | undefined;
}
type Point = SeriesView['lines']['active'][number];

/** What a session was asked to stay below, stays below, could draw and drew. */
export function seriesOf(recorded: Recorded): SeriesView {
  const { session, wires, now } = recorded;
  const { body } = session;
  const start = dateTimeMillis(body.start_date_time) ?? now;
  const end = isOver(body) ? (dateTimeMillis(body.end_date_time ?? body.last_updated) ?? now) : epochMillis(now + AHEAD_MS);
  const window: Window = { from: toSeconds(start), to: toSeconds(end), wires };
  const asked = recorded.exchanges.filter(({ ask }) => ask.kind !== 'get').toReversed();
  const active = actives(recorded);
  const metered = meteredOf(recorded);
  const { phases, voltage, watts, amperes } = wires;
  return {
    session: session.key,
    from: printDateTime(start),
    to: printDateTime(end),
    ...(phases !== undefined && { phases }),
    ...(voltage !== undefined && { voltage }),
    ...((watts !== undefined || amperes !== undefined) && { maximum: { ...(watts !== undefined && { watts }), ...(amperes !== undefined && { amperes }) } }),
    requested: asked.map(viewAsked),
    active: active.map(({ at, profile }) => ({ at: printDateTime(at), active_charging_profile: writeActiveChargingProfile(profile) })),
    metered,
    lines: {
      requested: lineOf(asked.filter(isWanted).map(reignOf), window),
      active: lineOf(
        active.map(({ at, profile }) => ({ from: toSeconds(at), profile })),
        window,
      ),
      maximum: watts === undefined ? [] : bounded([[window.from, watts]]),
      metered: bounded(drawn(metered, window)),
      ...(recorded.site !== undefined && !isOver(body) && { limit: bounded([[toSeconds(now), recorded.site]]) }),
    },
  };
}

function viewAsked(exchange: StoredExchange): SeriesView['requested'][number] {
  const { id, party, acceptedAt, state, ask } = exchange;
  const outcome = outcomeOf(exchange);
  const profile = ask.kind === 'set' && { charging_profile: writeChargingProfile(ask.profile) };
  return { at: printDateTime(acceptedAt), by: party, exchange: id, open: isOpen(state), ...(outcome !== undefined && { outcome }), ...profile };
}
/** What was refused was never in force. */
const isWanted = (exchange: StoredExchange) => isOpen(exchange.state) || outcomeOf(exchange) === 'ACCEPTED';
const reignOf = ({ ask, acceptedAt }: StoredExchange): Reign => ({ from: toSeconds(acceptedAt), profile: ask.kind === 'set' ? ask.profile : undefined });

function actives({ events }: Recorded): { at: EpochMillis; profile: ActiveChargingProfile }[] {
  return events.toReversed().flatMap(({ kind, at, body }) => {
    const read = kind === 'active-profile' ? readActiveChargingProfile(JSON.parse(body), USUAL_SPAN) : undefined;
    return read?.ok ? [{ at: epochMillis(at), profile: read.value }] : [];
  });
}

interface Window {
  from: EpochSeconds;
  to: EpochSeconds;
  wires: Wires;
}

/** Steps in watts: each profile reigns until the next one. */
function lineOf(reigns: readonly Reign[], { from: began, to: ends, wires }: Window): Point[] {
  const points: Point[] = [];
  for (const [n, { from, profile }] of reigns.entries()) {
    const to = epochSeconds(Math.min(ends, reigns[n + 1]?.from ?? ends));
    let at: number = from;
    for (const step of profile ? scheduleOf<Limit>(profile, began, { from, to }) : []) {
      if (step.from > at) points.push([at, null]);
      points.push([step.from, profile ? inWatts(step.limit, profile.unit, wires) : null]);
      at = step.to;
    }
    if (at < to) points.push([at, null]);
  }
  return bounded(points);
}

function inWatts(limit: number, unit: 'A' | 'W', { phases, voltage }: Wires): number | null {
  if (unit === 'W') return limit;
  return phases === undefined || voltage === undefined ? null : Math.floor(limit * phases * voltage);
}

/** Without points that say what the one before says; of very many the newest. */
const bounded = (points: readonly Point[]): Point[] => points.filter(([, value], n) => n === 0 || value !== points[n - 1]?.[1]).slice(-MOST_POINTS);

/** Meter values as they were told, with the power between two; by charging periods when too few events are kept. */
function meteredOf({ session, events }: Recorded): SeriesView['metered'] {
  const told = events
    .toReversed()
    .filter(({ kind }) => kind === 'session')
    .map(({ body }): OwnSession => JSON.parse(body))
    .map(({ kwh, last_updated }) => ({ at: dateTimeMillis(last_updated) ?? epochMillis(0), kwh }));
  const samples = told.length > 1 ? told : byPeriods(session.body);
  return samples.flatMap(({ at, kwh }, n) => {
    const before = samples[n - 1];
    if (before && at <= before.at) return [];
    const power = before && Math.round(((kwh - before.kwh) * 3.6e9) / (at - before.at));
    return [{ at: printDateTime(at), kwh, ...(power !== undefined && power >= 0 && { power }) }];
  });
}

function byPeriods({ charging_periods = [], end_date_time, last_updated, start_date_time }: OwnSession): { at: EpochMillis; kwh: number }[] {
  let kwh = 0;
  const moment = (text: string) => dateTimeMillis(text) ?? epochMillis(0);
  return charging_periods.reduce(
    (samples, { dimensions }, n) => {
      kwh += dimensions.filter(({ type }) => type === 'ENERGY').reduce((sum, { volume }) => sum + volume, 0);
      samples.push({ at: moment(charging_periods[n + 1]?.start_date_time ?? end_date_time ?? last_updated), kwh });
      return samples;
    },
    [{ at: moment(charging_periods[0]?.start_date_time ?? start_date_time), kwh: 0 }],
  );
}

/** The power on average holds from the point before, so each value stands at the beginning of its stretch. */
function drawn(metered: SeriesView['metered'], { to }: Window): Point[] {
  const moments = metered.map(({ at }) => Math.floor((dateTimeMillis(at) ?? 0) / 1000));
  const points = metered.flatMap(({ power }, n): Point[] => (power === undefined || n === 0 ? [] : [[moments[n - 1] ?? to, power]]));
  const last = moments.at(-1);
  return points.length === 0 || last === undefined ? points : [...points, [last, null]];
}
