import { isOpen } from '../../../domain/exchange.ts';
import type { MeterSample } from '../../../domain/meter-sample.ts';
import type { ActiveChargingProfile } from '../../../domain/profile/charging-profile.ts';
import { type EpochMillis, epochMillis, seconds, toSeconds } from '../../../domain/units.ts';
import { readActiveChargingProfile, writeActiveChargingProfile, writeChargingProfile } from '../../../ocpi/chargingprofiles/translate.ts';
import { dateTimeMillis, printDateTime } from '../../../ocpi/date-time.ts';
import { isOver } from '../../../roles/cpo/session.ts';
import { eventsOfSession, type StoredEvent } from '../../../store/sql/event.ts';
import { newestSamples } from '../../../store/sql/evidence.ts';
import type { StoredExchange } from '../../../store/sql/exchange.ts';
import { newestExchanges } from '../../../store/sql/exchange-list.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Context } from '../../core/context.ts';
import { outcomeOf } from '../exchanges/outcome.ts';
import { NEWEST } from '../lists.ts';
import { meteredEnergy } from './metered-energy.ts';
import type { SeriesView } from './schemas.ts';
import { bounded, lineOf, meteredLines, type ProfileInForce, type Span } from './series-lines.ts';
import { readSiteLimit, type SiteLimitPast, siteLimitLine } from './site-limit-line.ts';
import type { AnySession } from './view-session.ts';
import { type Wires, wiresOf } from './wires.ts';

/** Most events, and most exchanges, that a series is made of. */
const MOST_RECORDED = 500;
/** Most samples of its meter: a day and a half at one a minute. */
const MOST_SAMPLES = 2_000;
/** How far ahead a series of a running session shows the planned limits. */
const AHEAD_MS = 3_600_000;
/** Duration of an active profile that names none. */
const DEFAULT_DURATION = seconds(3_600);

/** What a series is made of. */
interface Recorded {
  session: AnySession;
  /** Newest first, as they were read. */
  events: readonly StoredEvent[];
  exchanges: readonly StoredExchange[];
  wires: Wires;
  samples: readonly MeterSample[];
  site: SiteLimitPast | undefined;
  time: SeriesTime;
}

/** When a session began, and when it ended or until when its planned limits are shown. */
interface SeriesTime {
  start: EpochMillis;
  end: EpochMillis;
  now: EpochMillis;
}

/** Reads the series of a session. */
export async function readSeries({ store, clock }: Context, roles: Pick<Roles, 'cpo' | 'remote'>, session: AnySession): Promise<SeriesView> {
  const time = timeOf(session, clock.now());
  const [events, exchanges, wires, samples, site] = await Promise.all([
    store.all(eventsOfSession(session.key, MOST_RECORDED)),
    store.all(newestExchanges({ floor: 0, before: NEWEST, limit: MOST_RECORDED, session: session.key })),
    wiresOf(roles, session),
    session.peer === undefined ? store.all(newestSamples(session.key, MOST_SAMPLES)) : [],
    session.evseUid === undefined || session.peer !== undefined
      ? undefined
      : readSiteLimit({ store }, roles, { evseUid: session.evseUid, from: time.start, to: time.end, now: time.now }),
  ]);
  return seriesOf({ session, events, exchanges, wires, samples: samples.toReversed(), site, time });
}

function timeOf({ body }: AnySession, now: EpochMillis): SeriesTime {
  const start = dateTimeMillis(body.start_date_time) ?? now;
  const end = isOver(body) ? (dateTimeMillis(body.end_date_time ?? body.last_updated) ?? now) : epochMillis(now + AHEAD_MS);
  return { start, end, now };
}

function seriesOf(recorded: Recorded): SeriesView {
  const { session, events, exchanges, wires, samples, site, time } = recorded;
  const { body } = session;
  const { start, end, now } = time;
  const span: Span = { from: toSeconds(start), to: toSeconds(end), wires };
  const requested = exchanges.filter(({ ask }) => ask.kind !== 'get').toReversed();
  const active = activeProfiles(events);
  const held = [...active, ...unknownSince(session, events)].sort((a, b) => a.at - b.at);
  const metered = meteredEnergy({ session: body, samples, events, most: wires.watts });
  const drawn = meteredLines(metered, span, isOver(body));
  const limit = site && siteLimitLine(site, { from: start, to: end, now, isOver: isOver(body) });
  const { phases, voltage, dcVoltage, watts, amperes } = wires;
  return {
    session: session.key,
    from: printDateTime(start),
    to: printDateTime(end),
    ...(phases !== undefined && { phases }),
    ...(voltage !== undefined && { voltage }),
    ...(dcVoltage !== undefined && { dc_voltage: dcVoltage }),
    ...(site && { site: { node: site.place.node, ...(!isOver(body) && site.place.confirmed) } }),
    ...((watts !== undefined || amperes !== undefined) && { maximum: { ...(watts !== undefined && { watts }), ...(amperes !== undefined && { amperes }) } }),
    requested: requested.map(viewRequested),
    active: active.map(({ at, profile }) => ({ at: printDateTime(at), active_charging_profile: writeActiveChargingProfile(profile) })),
    metered,
    lines: {
      requested: lineOf(requested.filter(mayBeInForce).map(inForceOf), span),
      active: lineOf(
        held.map(({ at, profile }) => ({ from: toSeconds(at), profile })),
        span,
      ),
      maximum: watts === undefined ? [] : bounded([[span.from, watts]]),
      metered: drawn.metered,
      ...(drawn.estimated.length > 0 && { estimated: drawn.estimated }),
      ...(limit && limit.length > 0 && { limit }),
    },
  };
}

function viewRequested(exchange: StoredExchange): SeriesView['requested'][number] {
  const { id, party, acceptedAt, state, ask } = exchange;
  const outcome = outcomeOf(exchange);
  const profile = ask.kind === 'set' && { charging_profile: writeChargingProfile(ask.profile) };
  return { at: printDateTime(acceptedAt), by: party, exchange: id, open: isOpen(state), ...(outcome !== undefined && { outcome }), ...profile };
}
/** A refused request was never in force. */
const mayBeInForce = (exchange: StoredExchange) => isOpen(exchange.state) || outcomeOf(exchange) === 'ACCEPTED';
const inForceOf = ({ ask, acceptedAt }: StoredExchange): ProfileInForce => ({
  from: toSeconds(acceptedAt),
  profile: ask.kind === 'set' ? ask.profile : undefined,
});

/** The moments from which no limit was known, in the past and now: the line of limits ends there. */
function unknownSince({ limitUnknownSince: now }: AnySession, events: readonly StoredEvent[]): { at: EpochMillis; profile: undefined }[] {
  const past = events.filter(({ kind }) => kind === 'limit-unknown').map(({ at }) => epochMillis(at));
  return [...past, ...(now === undefined ? [] : [now])].map((at) => ({ at, profile: undefined }));
}

function activeProfiles(events: readonly StoredEvent[]): { at: EpochMillis; profile: ActiveChargingProfile }[] {
  return events.toReversed().flatMap(({ kind, at, body }) => {
    const read = kind === 'active-profile' ? readActiveChargingProfile(JSON.parse(body), DEFAULT_DURATION) : undefined;
    return read?.ok ? [{ at: epochMillis(at), profile: read.value }] : [];
  });
}
