import { isOpen } from '../../../domain/exchange.ts';
import type { ActiveChargingProfile } from '../../../domain/profile/charging-profile.ts';
import { type EpochMillis, epochMillis, seconds, toSeconds } from '../../../domain/units.ts';
import { readActiveChargingProfile, writeActiveChargingProfile, writeChargingProfile } from '../../../ocpi/chargingprofiles/translate.ts';
import { dateTimeMillis, printDateTime } from '../../../ocpi/date-time.ts';
import { isOver } from '../../../roles/cpo/session.ts';
import { eventsOfSession, type StoredEvent } from '../../../store/sql/event.ts';
import type { StoredExchange } from '../../../store/sql/exchange.ts';
import { newestExchanges } from '../../../store/sql/exchange-list.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Context } from '../../core/context.ts';
import { outcomeOf } from '../exchanges/outcome.ts';
import { NEWEST } from '../lists.ts';
import { meteredEnergy } from './metered-energy.ts';
import type { SeriesView } from './schemas.ts';
import { bounded, lineOf, measuredLine, type ProfileInForce, type Span } from './series-lines.ts';
import type { AnySession } from './view-session.ts';
import { type Wires, wiresOf } from './wires.ts';

/** Most events, and most exchanges, that a series is made of. */
const MOST_RECORDED = 500;
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
  /** W that the limits of the site leave to its EVSE now. */
  siteLimit: number | undefined;
  now: EpochMillis;
}

/** Reads the series of a session. */
export async function readSeries({ store, clock }: Context, roles: Pick<Roles, 'cpo' | 'remote'>, session: AnySession): Promise<SeriesView> {
  const [events, exchanges, wires] = await Promise.all([
    store.all(eventsOfSession(session.key, MOST_RECORDED)),
    store.all(newestExchanges({ floor: 0, before: NEWEST, limit: MOST_RECORDED, session: session.key })),
    wiresOf(roles, session),
  ]);
  const siteLimit = roles.cpo?.limits.wattsAt(session.evseUid ?? '');
  return seriesOf({ session, events, exchanges, wires, siteLimit, now: clock.now() });
}

function seriesOf(recorded: Recorded): SeriesView {
  const { session, events, exchanges, wires, siteLimit, now } = recorded;
  const { body } = session;
  const start = dateTimeMillis(body.start_date_time) ?? now;
  const end = isOver(body) ? (dateTimeMillis(body.end_date_time ?? body.last_updated) ?? now) : epochMillis(now + AHEAD_MS);
  const span: Span = { from: toSeconds(start), to: toSeconds(end), wires };
  const requested = exchanges.filter(({ ask }) => ask.kind !== 'get').toReversed();
  const active = activeProfiles(events);
  const held = [...active, ...unknownSince(session, events)].sort((a, b) => a.at - b.at);
  const metered = meteredEnergy(body, events);
  const { phases, voltage, watts, amperes } = wires;
  return {
    session: session.key,
    from: printDateTime(start),
    to: printDateTime(end),
    ...(phases !== undefined && { phases }),
    ...(voltage !== undefined && { voltage }),
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
      metered: measuredLine(metered, span),
      ...(siteLimit !== undefined && !isOver(body) && { limit: bounded([[toSeconds(now), siteLimit]]) }),
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
