import type { Reading } from '../../domain/station.ts';
import { type EpochMillis, type WattHours, type Watts, wattHours } from '../../domain/units.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';

/** What is known of the energy of a session. Stored as JSON. */
export interface Metering {
  /** The start of the transaction; charging may start later. */
  started?: EpochMillis;
  /** The register that energy is counted from. `meterStartSaid`: the first register that the charge point named as that of the begin. */
  meterStart?: WattHours;
  meterStartSaid?: WattHours;
  /** The highest register since `meterStart`, and the time of the last register. */
  register?: WattHours;
  readAt?: EpochMillis;
  /** Energy from before `meterStart`: the meter was reset or replaced, or another register counts on. */
  earlier?: WattHours;
  /** The sum of the energy of intervals, and the time of the last one; used while there is no register. */
  intervals?: WattHours;
  intervalAt?: EpochMillis;
  /** The maximum power of the EVSE, which bounds the energy that can be true. */
  maxPower?: Watts;
  /** The start of the open charging period, with the energy of the session until then. `register`: in sessions of earlier releases. */
  period: { since: EpochMillis; energy?: WattHours; register?: WattHours };
  power?: number;
  offered?: { unit: 'A' | 'W'; limit: number };
}

type Periods = NonNullable<WireSession['charging_periods']>;

/** The parts of a session that readings change. */
export interface Metered {
  wire: { kwh: number; charging_periods?: Periods; status: string };
  progress: Metering;
}

/** The minimum length of a charging period and their maximum number (SES-19). */
const PERIOD_MS = 5 * 60_000;
const MOST_PERIODS = 200;
/** A register that falls by more than this was reset; less is noise. In Wh. */
const NOISE = 1_000;
/** Energy above this multiple of what the EVSE can deliver since the start is the register of another meter. */
const IMPOSSIBLE = 10;
const HOUR_MS = 3_600_000;

/** Adds readings in the order of their time; the one of the begin counts first, the one of the end last (F-10). */
export function measure<S extends Metered>(session: S, readings: readonly Reading[], now: EpochMillis): S {
  const rank = ({ context }: Reading) => (context === 'begin' ? 0 : context === 'end' ? 2 : 1);
  return readings.toSorted((a, b) => rank(a) - rank(b) || a.at - b.at).reduce((it, reading) => addReading(it, reading, now), session);
}

function addReading<S extends Metered>({ wire, progress, ...rest }: S, reading: Reading, now: EpochMillis): S {
  const next = addEnergy(withPower(progress, reading), reading, now);
  const measured = { ...rest, wire: { ...wire, kwh: kilowattHours(energyOf(next)) }, progress: next } as S;
  const isDue = reading.energy !== undefined || reading.interval !== undefined;
  return isDue && wire.status === 'ACTIVE' && reading.at - next.period.since >= PERIOD_MS ? closePeriod(measured, reading.at) : measured;
}

const withPower = (progress: Metering, reading: Reading): Metering => ({
  ...progress,
  ...(reading.power !== undefined && { power: reading.power }),
  ...(reading.currentOffered !== undefined
    ? { offered: { unit: 'A', limit: reading.currentOffered } }
    : reading.powerOffered !== undefined
      ? { offered: { unit: 'W', limit: reading.powerOffered } }
      : {}),
});

function addEnergy(progress: Metering, { at, context, energy, interval }: Reading, now: EpochMillis): Metering {
  const { intervalAt, intervals = 0 } = progress;
  if (energy !== undefined) return context === 'begin' ? beginAt(progress, at, energy) : registerAt(progress, { at, energy, isEnd: context === 'end', now });
  if (interval === undefined || interval <= 0 || (intervalAt !== undefined && at <= intervalAt)) return progress;
  return { ...progress, intervals: wattHours(intervals + interval), intervalAt: at, readAt: latest(progress.readAt, at) };
}

/** The register at the begin, as the charge point names it. It never takes away energy that a charging period has already. */
function beginAt(progress: Metering, at: EpochMillis, energy: WattHours): Metering {
  const { meterStartSaid, register = energy } = progress;
  if (energy < 0 || energy === meterStartSaid) return progress;
  const read = { ...progress, readAt: latest(progress.readAt, at) };
  if (meterStartSaid !== undefined) return otherBegin(read, energy);
  const next: Metering = { ...read, meterStart: energy, meterStartSaid: energy, register };
  return register < energy || energyOf(next) < periodStart(progress) ? progress : next;
}

/** A second register of the begin: some charge points state 0 in StartTransaction, and the register of the meter in the reading of the begin. */
function otherBegin(progress: Metering, energy: WattHours): Metering {
  const { meterStart = energy, register = energy, earlier } = progress;
  if (energy > register && register === meterStart) return goOnFrom(progress, energy);
  return earlier !== undefined && energy < meterStart ? { ...progress, meterStart: energy } : progress;
}

/** A register with its time. `isEnd`: the charge point names it as that of the end. */
interface Register {
  at: EpochMillis;
  energy: WattHours;
  isEnd: boolean;
  now: EpochMillis;
}

function registerAt(progress: Metering, { at, energy, isEnd, now }: Register): Metering {
  if (energy < 0) return progress;
  const { meterStart, register, readAt } = progress;
  if (meterStart === undefined || register === undefined) return { ...progress, meterStart: energy, register: energy, readAt: at };
  if (readAt !== undefined && at < readAt && !isEnd) return progress;
  const read = { ...progress, readAt: latest(readAt, at) };
  if (isEnd && progress.earlier !== undefined) return endAt(read, energy);
  if (energy > register) return energy - meterStart > mostEnergy(progress, now) ? goOnFrom(read, energy) : { ...read, register: energy };
  const isReset = !isEnd && (energy < meterStart || register - energy > NOISE);
  return isReset ? goOnFrom(read, energy) : read;
}

/** Keeps the energy so far and counts on from another register: the meter was reset or replaced, or rolled over (SES-42). */
const goOnFrom = (progress: Metering, energy: WattHours): Metering => ({ ...progress, earlier: energyOf(progress), meterStart: energy, register: energy });

/** The end of a session with several registers: the end belongs to the last one or to the first one, whichever agrees better with the readings. */
function endAt(progress: Metering, end: WattHours): Metering {
  const { register = end, meterStartSaid } = progress;
  const counted = energyOf(progress);
  const totals = [
    ...(end >= register ? [counted + end - register] : []),
    ...(meterStartSaid !== undefined && end >= meterStartSaid ? [end - meterStartSaid] : []),
  ];
  const [closest = counted] = totals.toSorted((a, b) => Math.abs(a - counted) - Math.abs(b - counted));
  return { ...progress, earlier: wattHours(closest), meterStart: end, register: end };
}

function mostEnergy({ maxPower, started }: Metering, now: EpochMillis): number {
  if (maxPower === undefined || started === undefined) return Number.POSITIVE_INFINITY;
  return IMPOSSIBLE * maxPower * (Math.max(0, now - started) / HOUR_MS + 1);
}

const latest = (one: EpochMillis | undefined, other: EpochMillis): EpochMillis => (one !== undefined && one > other ? one : other);

/** The energy of the session in Wh, never below that of its closed charging periods. */
export function energyOf(progress: Metering): WattHours {
  const { meterStart, register, earlier = 0, intervals = 0 } = progress;
  const registered = earlier + (register ?? 0) - (meterStart ?? 0);
  return wattHours(Math.max(registered > 0 ? registered : intervals, periodStart(progress)));
}

/** The energy of the closed charging periods in Wh. */
function periodStart({ period, meterStart }: Metering): number {
  if (period.energy !== undefined) return period.energy;
  return period.register !== undefined && meterStart !== undefined ? Math.max(0, period.register - meterStart) : 0;
}

/** Closes the open charging period with its energy and opens the next one. The energy of all periods is that of the session (CDP-01). */
export function closePeriod<S extends Metered>(session: S, at: EpochMillis): S {
  const { wire, progress } = session;
  const { period } = progress;
  const energy = energyOf(progress);
  const volume = (tenths(energy) - tenths(periodStart(progress))) / 10_000;
  if (volume <= 0) return session;
  const periods = wire.charging_periods ?? [];
  const closed = { start_date_time: printDateTime(period.since), dimensions: [{ type: 'ENERGY' as const, volume }] };
  return {
    ...session,
    wire: { ...wire, charging_periods: [...(periods.length >= MOST_PERIODS ? mergePairs(periods) : periods), closed] },
    progress: { ...progress, period: { since: at, energy } },
  };
}

const tenths = (energy: number) => Math.round(energy * 10);
const kilowattHours = (energy: number) => tenths(energy) / 10_000;

/** Half as many periods, each of twice the length: the older a period, the coarser (SES-19, CDP-01). */
function mergePairs(periods: Periods): Periods {
  return periods.flatMap((period, n) => {
    if (n % 2 === 1) return [];
    const next = periods[n + 1];
    return [next ? { ...period, dimensions: mergeDimensions(period.dimensions, next.dimensions) } : period];
  });
}

type Dimensions = Periods[number]['dimensions'];

/** Amounts are added; of lowest and highest values the lowest and highest are kept; of others the later. */
function mergeDimensions(first: Dimensions, second: Dimensions): Dimensions {
  const merged = new Map(first.map((it) => [it.type, it.volume]));
  for (const { type, volume } of second) {
    const before = merged.get(type);
    if (before === undefined) merged.set(type, volume);
    else if (type.startsWith('MAX_')) merged.set(type, Math.max(before, volume));
    else if (type.startsWith('MIN_')) merged.set(type, Math.min(before, volume));
    else merged.set(type, AMOUNTS.has(type) ? Math.round((before + volume) * 10_000) / 10_000 : volume);
  }
  return [...merged].map(([type, volume]) => ({ type, volume }));
}

const AMOUNTS: ReadonlySet<string> = new Set(['ENERGY', 'ENERGY_EXPORT', 'ENERGY_IMPORT', 'PARKING_TIME', 'RESERVATION_TIME', 'TIME']);
