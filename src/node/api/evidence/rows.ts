import type { MeterSample } from '../../../domain/meter-sample.ts';
import type { ActiveChargingProfile, ChargingProfile } from '../../../domain/profile/charging-profile.ts';
import { type Limit, scheduleOf } from '../../../domain/profile/schedule.ts';
import { type EpochMillis, type EpochSeconds, epochMillis, epochSeconds, seconds, toSeconds } from '../../../domain/units.ts';
import { readActiveChargingProfile } from '../../../ocpi/chargingprofiles/translate.ts';
import { dateTimeMillis, dateTimeSeconds, printDateTime } from '../../../ocpi/date-time.ts';
import type { OwnSession } from '../../../roles/cpo/session.ts';
import type { EvidenceRecord } from '../../../store/sql/evidence.ts';
import type { StoredExchange } from '../../../store/sql/exchange.ts';
import { outcomeOf } from '../exchanges/outcome.ts';
import type { EvidenceGap, EvidenceRow } from './columns.ts';

/** What the store has of one session in a time span. */
export interface SessionEvidence {
  session: OwnSession;
  key: string;
  /** Oldest first. */
  asked: readonly StoredExchange[];
  records: readonly EvidenceRecord[];
  samples: readonly MeterSample[];
}

/** A time span without a sample that is longer than this is a gap: the settlement period of most grids. In ms. */
const GAP_MS = 15 * 60_000;
/** Duration of an active profile that names none. */
const DEFAULT_DURATION = seconds(3_600);

type Span = { from: EpochMillis; to: EpochMillis };

/** The rows about one session. */
export function sessionRows({ session, key, asked, records, samples }: SessionEvidence, span: Span): EvidenceRow[] {
  const of = { session: key, evse: session.evse_uid };
  const startedAt = dateTimeSeconds(session.start_date_time) ?? toSeconds(span.from);
  return [
    ...asked.flatMap((it) => askedRows(it, startedAt)),
    ...records.flatMap((it) => recordRows(it)),
    ...samples.map(sampleRow),
    ...periodRows(session, span),
  ].map(({ at, kind, ...rest }) => ({ at, kind, ...of, ...rest }));
}

function askedRows(exchange: StoredExchange, startedAt: EpochSeconds): EvidenceRow[] {
  const { id, ask, party, side, acceptedAt, endedAt } = exchange;
  if (ask.kind === 'get') return [];
  const of = { by: side === 'own' ? 'operator' : party, exchange: id, request: ask.kind };
  const steps = ask.kind === 'set' ? limitSteps(ask.profile, startedAt) : [{}];
  const answer = outcomeOf(exchange);
  return [
    ...steps.map((step): EvidenceRow => ({ at: printDateTime(acceptedAt), kind: 'asked', ...of, ...step })),
    ...(answer === undefined || endedAt === undefined ? [] : [{ at: printDateTime(endedAt), kind: 'answered' as const, ...of, answer }]),
  ];
}

/** The rows of a record about a session or a site. */
export function recordRows({ at, body }: EvidenceRecord): EvidenceRow[] {
  const when = printDateTime(at);
  switch (body.kind) {
    case 'confirmed': {
      const read = readActiveChargingProfile(body.profile as Parameters<typeof readActiveChargingProfile>[0], DEFAULT_DURATION);
      const by = body.computed ? 'node' : 'charge point';
      return read.ok ? limitSteps(read.value, read.value.start).map((step) => ({ at: when, kind: 'confirmed', by, ...step })) : [];
    }
    case 'imposed': {
      const { node, later = [] } = body;
      return [{ ...body, from: undefined }, ...later].map(({ from, a, w }, n) => ({
        at: when,
        kind: 'imposed',
        node,
        ...(from !== undefined && { valid_from: moment(from) }),
        ...(later[n] && { valid_to: moment(later[n].from) }),
        ...(a !== undefined && { limit_a: a }),
        ...(w !== undefined && { limit_w: w }),
      }));
    }
    case 'building': {
      const { node, a, w } = body;
      const current = a && Math.round(a.reduce((sum, it) => sum + it, 0) * 10) / 10;
      return [{ at: when, kind: 'building', node, ...(w !== undefined && { power_w: w }), ...(current !== undefined && { current_a: current }) }];
    }
    case 'ordered':
      return [{ at: when, kind: 'ordered', evse: body.evse, by: 'node', limit_a: body.a }];
    case 'answered':
      return [{ at: when, kind: 'answered', evse: body.evse, by: 'charge point', answer: body.answer, limit_a: body.a }];
  }
}

/** The steps of a profile, each with its time. */
function limitSteps(
  profile: ChargingProfile | ActiveChargingProfile,
  startedAt: EpochSeconds,
): Pick<EvidenceRow, 'valid_from' | 'valid_to' | 'limit_a' | 'limit_w'>[] {
  return scheduleOf<Limit>(profile, startedAt).map(({ from, to, limit }) => ({
    valid_from: moment(from),
    ...(Number.isFinite(to) && { valid_to: moment(to) }),
    ...(profile.unit === 'A' ? { limit_a: limit } : { limit_w: limit }),
  }));
}

const moment = (at: number) => printDateTime(epochMillis(epochSeconds(at) * 1000));

function sampleRow({ at, energy, power, current, offered, state }: MeterSample): EvidenceRow {
  return {
    at: printDateTime(at),
    kind: 'metered',
    by: 'charge point',
    ...(offered && (offered.unit === 'A' ? { offered_a: offered.limit } : { offered_w: offered.limit })),
    ...(power !== undefined && { power_w: power }),
    ...(current !== undefined && { current_a: current }),
    energy_wh: energy,
    state,
  };
}

/** The charging periods that overlap the time span; the state of charge of the car is left out. */
function periodRows({ charging_periods = [], end_date_time, last_updated }: OwnSession, { from, to }: Span): EvidenceRow[] {
  return charging_periods.flatMap(({ start_date_time, dimensions }, n): EvidenceRow[] => {
    const end = charging_periods[n + 1]?.start_date_time ?? end_date_time ?? last_updated;
    const volumes = new Map(dimensions.map(({ type, volume }) => [type, volume]));
    const [energy, power, current] = [volumes.get('ENERGY'), volumes.get('POWER'), volumes.get('CURRENT')];
    const overlaps = (dateTimeMillis(start_date_time) ?? 0) < to && (dateTimeMillis(end) ?? 0) > from;
    if (energy === undefined || !overlaps) return [];
    return [
      {
        at: start_date_time,
        kind: 'period',
        valid_from: start_date_time,
        valid_to: end,
        ...(power !== undefined && { power_w: Math.round(power * 1000) }),
        ...(current !== undefined && { current_a: current }),
        energy_wh: Math.round(energy * 10_000) / 10,
      },
    ];
  });
}

/** The times of a session at a charge point of this node without a value of its meter, within the time span. */
export function gapsOf({ session, key, samples }: SessionEvidence, { from, to }: Span): EvidenceGap[] {
  const start = Math.max(from, dateTimeMillis(session.start_date_time) ?? from);
  const end = Math.min(to, dateTimeMillis(session.end_date_time ?? '') ?? to);
  const times = [start, ...samples.map(({ at }) => at), end];
  return times.flatMap((at, n) => {
    const before = times[n - 1];
    if (before === undefined || at - before <= GAP_MS) return [];
    return [{ session: key, from: moment(before / 1000), to: moment(at / 1000), what: 'no value of the meter' }];
  });
}
