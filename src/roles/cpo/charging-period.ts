import { type EpochMillis, epochMillis, type WattHours } from '../../domain/units.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';

/** The charging periods of a session, oldest first. */
export type Periods = NonNullable<WireSession['charging_periods']>;
type Period = Periods[number];
type Dimensions = Period['dimensions'];

/** The lowest and the highest value of a period. */
interface Range {
  least: number;
  most: number;
}

/** What is known of a charging period that has not ended. Stored as JSON. */
export interface OpenPeriod {
  since: EpochMillis;
  /** The energy of the session until `since`. `register`: in sessions of earlier releases. */
  energy?: WattHours;
  register?: WattHours;
  /** Energy in Wh that flowed before `since`, and is part of this period. */
  earlier?: number;
  /** Charging or not is known until here; absent: until `since`. `charging`: how long it charged, in ms. */
  until?: EpochMillis;
  charging?: number;
  /** W. */
  power?: Range;
  /** A, the sum of all phases; with the mean over `span` ms. */
  current?: Range & { mean: number; span: number };
  /** Percent. */
  stateOfCharge?: number;
  /** The session shows an entry without amounts for this period, since it began with a change of state. */
  isShown?: true;
}

/** The values of one reading that a charging period keeps, in W, A and percent. */
export interface PeriodSample {
  at: EpochMillis;
  power?: number | undefined;
  current?: number | undefined;
  stateOfCharge?: number | undefined;
}

/** The maximum number of charging periods (SES-19). */
const MOST_PERIODS = 200;
const HOUR_MS = 3_600_000;

/** Counts the time until `at` as charging or not charging; time that is counted already stays as it is. */
export function countTime(period: OpenPeriod, at: EpochMillis, isCharging: boolean): OpenPeriod {
  const { until = period.since, charging = 0 } = period;
  return at <= until ? period : { ...period, until: at, charging: charging + (isCharging ? at - until : 0) };
}

/** Adds the values of a reading; one from before the period changes nothing. */
export function addSample(period: OpenPeriod, { at, power, current, stateOfCharge }: PeriodSample): OpenPeriod {
  if (at < period.since) return period;
  return {
    ...period,
    ...(power !== undefined && { power: widened(period.power, power) }),
    ...(current !== undefined && { current: withCurrent(period, at, current) }),
    ...(stateOfCharge !== undefined && { stateOfCharge }),
  };
}

const widened = (range: Range | undefined, value: number): Range => ({
  least: Math.min(range?.least ?? value, value),
  most: Math.max(range?.most ?? value, value),
});

/** A current counts for the time since the one before. */
function withCurrent({ since, current }: OpenPeriod, at: EpochMillis, value: number): NonNullable<OpenPeriod['current']> {
  const { mean = value, span = 0 } = current ?? {};
  const whole = Math.max(span, at - since);
  return { ...widened(current, value), mean: whole > 0 ? (mean * span + value * (whole - span)) / whole : value, span: whole };
}

/** The end of a charging period: its energy in kWh, whether the car charges now, and the maximum power of the EVSE in W. */
interface Closing {
  at: EpochMillis;
  kilowattHours: number;
  isCharging: boolean;
  most?: number | undefined;
}

/** The average power of a shorter period says nothing: registers are rounded. In ms. */
const SHORTEST_AVERAGE_MS = 60_000;

/** The average power of a period in kW; undefined when it is not known, or cannot be true. */
function averagePower({ since, earlier = 0 }: OpenPeriod, { at, kilowattHours, most = Number.POSITIVE_INFINITY }: Closing): number | undefined {
  const average = at - since < SHORTEST_AVERAGE_MS ? undefined : ((kilowattHours - earlier / 1000) * HOUR_MS) / (at - since);
  return average === undefined || average < 0 || average * 1000 > most * 1.1 ? undefined : average;
}

/** The period as the session tells it; undefined when it has neither duration nor energy. */
export function closedPeriod(open: OpenPeriod, closing: Closing): Period | undefined {
  const { at, kilowattHours, isCharging } = closing;
  const { since, charging = 0, power, current, stateOfCharge } = countTime(open, at, isCharging);
  const whole = Math.max(0, at - since);
  // Without energy nothing was charged, whatever the charge point said.
  const charged = kilowattHours > 0 ? Math.min(charging, whole) : 0;
  if (whole === 0 && kilowattHours <= 0) return undefined;
  const average = averagePower(open, closing);
  const range = power && widened({ least: power.least / 1000, most: power.most / 1000 }, average ?? power.least / 1000);
  const dimensions: Dimensions = [
    { type: 'ENERGY', volume: kilowattHours },
    ...(charged > 0 ? [{ type: 'TIME' as const, volume: rounded(charged / HOUR_MS) }] : []),
    ...(whole > charged ? [{ type: 'PARKING_TIME' as const, volume: rounded((whole - charged) / HOUR_MS) }] : []),
    ...(average === undefined ? [] : [{ type: 'POWER' as const, volume: rounded(average) }]),
    ...(range
      ? [
          { type: 'MIN_POWER' as const, volume: rounded(range.least) },
          { type: 'MAX_POWER' as const, volume: rounded(range.most) },
        ]
      : []),
    ...(current
      ? [
          { type: 'CURRENT' as const, volume: rounded(current.mean) },
          { type: 'MIN_CURRENT' as const, volume: rounded(current.least) },
          { type: 'MAX_CURRENT' as const, volume: rounded(current.most) },
        ]
      : []),
    ...(stateOfCharge === undefined ? [] : [{ type: 'STATE_OF_CHARGE' as const, volume: rounded(stateOfCharge) }]),
  ];
  return { start_date_time: printDateTime(since), dimensions };
}

const rounded = (value: number) => Math.round(value * 10_000) / 10_000;

/** An entry for a period that begins: it says whether the car charges now, and has no amounts yet. */
export const beginningPeriod = (at: EpochMillis, isCharging: boolean): Period => ({
  start_date_time: printDateTime(epochMillis(at)),
  dimensions: [{ type: isCharging ? 'TIME' : 'PARKING_TIME', volume: 0 }],
});

/** Whether the last of the periods is one in which the car charged, also for a part of it; a session without periods charges. */
export function showsCharging(periods: Periods | undefined): boolean {
  const types = new Set(periods?.at(-1)?.dimensions.map(({ type }) => type));
  return types.has('TIME') || !types.has('PARKING_TIME');
}

/** Appends a closed period. When there are too many, the others become half as many, each of twice the length (SES-19, CDP-01). */
export const append = (periods: Periods, closed: Period): Periods => [...(periods.length >= MOST_PERIODS ? mergePairs(periods) : periods), closed];

function mergePairs(periods: Periods): Periods {
  return periods.flatMap((period, n) => {
    if (n % 2 === 1) return [];
    const next = periods[n + 1];
    return [next ? { ...period, dimensions: mergeDimensions(period.dimensions, next.dimensions) } : period];
  });
}

const AMOUNTS: ReadonlySet<string> = new Set(['ENERGY', 'ENERGY_EXPORT', 'ENERGY_IMPORT', 'PARKING_TIME', 'RESERVATION_TIME', 'TIME']);
const AVERAGES: ReadonlySet<string> = new Set(['CURRENT', 'POWER']);

/**
 * Amounts are added; of lowest and highest values the lowest and highest are kept; averages are weighted by time, and left out when
 * one of the two periods has none; of others the later counts.
 */
export function mergeDimensions(first: Dimensions, second: Dimensions): Dimensions {
  const [before, after] = [first, second].map((all) => new Map(all.map(({ type, volume }) => [type, volume])));
  if (!before || !after) return [];
  const [hours, moreHours] = [hoursOf(before), hoursOf(after)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((type) => {
    const [one, other] = [before.get(type), after.get(type)];
    if (one === undefined || other === undefined) return AVERAGES.has(type) ? [] : [{ type, volume: one ?? other ?? 0 }];
    if (AMOUNTS.has(type)) return [{ type, volume: rounded(one + other) }];
    if (type.startsWith('MAX_')) return [{ type, volume: Math.max(one, other) }];
    if (type.startsWith('MIN_')) return [{ type, volume: Math.min(one, other) }];
    if (!AVERAGES.has(type)) return [{ type, volume: other }];
    return hours + moreHours > 0 ? [{ type, volume: rounded((one * hours + other * moreHours) / (hours + moreHours)) }] : [];
  });
}

const hoursOf = (volumes: ReadonlyMap<string, number>) => (volumes.get('TIME') ?? 0) + (volumes.get('PARKING_TIME') ?? 0);
