import { type EpochMillis, epochMillis } from '../../../domain/units.ts';
import { dateTimeMillis, printDateTime } from '../../../ocpi/date-time.ts';
import type { OwnSession } from '../../../roles/cpo/session.ts';
import type { StoredEvent } from '../../../store/sql/event.ts';
import type { SeriesView } from './schemas.ts';

interface Sample {
  at: EpochMillis;
  kwh: number;
}

/** Energy samples of a session with the average power since the sample before. `events`: newest first; with too few, charging periods are used. */
export function meteredEnergy(session: OwnSession, events: readonly StoredEvent[]): SeriesView['metered'] {
  const fromEvents = events
    .toReversed()
    .filter(({ kind }) => kind === 'session')
    .map(({ body }): OwnSession => JSON.parse(body))
    .map(({ kwh, last_updated }) => ({ at: momentOf(last_updated), kwh }));
  const samples = fromEvents.length > 1 ? fromEvents : samplesOfPeriods(session);
  return samples.flatMap(({ at, kwh }, n) => {
    const before = samples[n - 1];
    if (before && at <= before.at) return [];
    const power = before && Math.round(((kwh - before.kwh) * 3.6e9) / (at - before.at));
    return [{ at: printDateTime(at), kwh, ...(power !== undefined && power >= 0 && { power }) }];
  });
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
