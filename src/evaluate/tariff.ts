import { epochSeconds } from '../domain/units.ts';
import type { ValueStep } from '../planner/index.ts';
import { DAY } from './scenario.ts';

/** One part of a time-of-use tariff: from each hour of its days on, the price of a kWh. */
interface TariffPart {
  id: string;
  times: readonly number[];
  tariffs: readonly number[];
}

/** A time-of-use tariff in California: summer from June to September, with parts for weekdays and weekends. */
export interface Tariff {
  schedule: readonly TariffPart[];
}

/** The prices of a tariff from a local midnight on; days of 24 hours. */
export const pricesOf = ({ schedule }: Tariff, { begin, days }: { begin: number; days: number }): readonly ValueStep[] =>
  Array.from({ length: days }, (_, n) => begin + n * DAY).flatMap((midnight) => {
    const date = new Date(midnight * 1_000); // midnight in California is the morning of the same date in UTC
    const season = date.getUTCMonth() >= 5 && date.getUTCMonth() <= 8 ? 'Summer' : 'Winter';
    const days = date.getUTCDay() === 0 || date.getUTCDay() === 6 ? 'Weekend' : 'Weekday';
    const part = schedule.find(({ id }) => id === `${season}-${days}`);
    return (part?.times ?? []).map((hour, k) => ({
      from: epochSeconds(midnight + hour * 3_600),
      to: epochSeconds(midnight + (part?.times[k + 1] ?? 24) * 3_600),
      value: part?.tariffs[k] ?? 0,
    }));
  });
