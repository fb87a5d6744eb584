import type { MeterSample } from '../../../domain/meter-sample.ts';
import { type EpochMillis, epochMillis } from '../../../domain/units.ts';
import { dateTimeMillis, printDateTime } from '../../../ocpi/date-time.ts';
import type { OwnSession } from '../../../roles/cpo/session.ts';
import type { StoredEvent } from '../../../store/sql/event.ts';
import type { SeriesView } from './schemas.ts';

/** A register of a session, and the power that was measured with it. */
interface Sample {
  at: EpochMillis;
  kwh: number;
  power?: number | undefined;
}

/** Over a shorter time no power is derived from energy: the times of two messages and the steps of a register say too little. In ms. */
const LEAST_GAP_MS = 30_000;

/** What the metered energy of a session is made of. */
interface MeteredSources {
  session: OwnSession;
  /** What the meter of a charge point of this node said, oldest first. */
  samples: readonly MeterSample[];
  /** Newest first; used when there are no samples. With too few, charging periods are used. */
  events: readonly StoredEvent[];
  /** W; the maximum of the EVSE. */
  most: number | undefined;
}

/** Energy samples of a session with their power: as it was measured, else estimated from the energy and never above what the EVSE can give. */
export function meteredEnergy({ session, samples, events, most = Infinity }: MeteredSources): SeriesView['metered'] {
  const all = samples.length > 1 ? samples.map(({ at, energy, power }): Sample => ({ at, kwh: energy / 1_000, power })) : samplesOf(session, events);
  const metered: SeriesView['metered'] = [];
  let [last, counted]: (Sample | undefined)[] = [];
  for (const sample of all) {
    if (last && sample.at <= last.at) continue;
    const estimated = sample.power === undefined && counted ? estimate(counted, sample, most) : undefined;
    const power = sample.power ?? estimated;
    metered.push({ at: printDateTime(sample.at), kwh: sample.kwh, ...(power !== undefined && { power }), ...(estimated !== undefined && { estimated: true }) });
    last = sample;
    if (!counted || sample.power !== undefined || estimated !== undefined) counted = sample;
  }
  return metered;
}

/** The average power in W between two registers; undefined when they are too close, or when the register fell. */
function estimate(from: Sample, to: Sample, most: number): number | undefined {
  const power = Math.round(((to.kwh - from.kwh) * 3.6e9) / (to.at - from.at));
  return to.at - from.at < LEAST_GAP_MS || power < 0 ? undefined : Math.min(power, most);
}

function samplesOf(session: OwnSession, events: readonly StoredEvent[]): Sample[] {
  const fromEvents = events
    .toReversed()
    .filter(({ kind }) => kind === 'session')
    .map(({ body }): OwnSession => JSON.parse(body))
    .map(({ kwh, last_updated }) => ({ at: momentOf(last_updated), kwh }));
  return fromEvents.length > 1 ? fromEvents : samplesOfPeriods(session);
}

function samplesOfPeriods({ charging_periods = [], end_date_time, last_updated, start_date_time }: OwnSession): Sample[] {
  let kwh = 0;
  return charging_periods.reduce<Sample[]>(
    (samples, { dimensions }, n) => {
      kwh += dimensions.filter(({ type }) => type === 'ENERGY').reduce((sum, { volume }) => sum + volume, 0);
      samples.push({ at: momentOf(charging_periods[n + 1]?.start_date_time ?? end_date_time ?? last_updated), kwh });
      return samples;
    },
    [{ at: momentOf(charging_periods[0]?.start_date_time ?? start_date_time), kwh: 0 }],
  );
}

const momentOf = (text: string) => dateTimeMillis(text) ?? epochMillis(0);
