import type { ChargingState, MeterSample } from '../../domain/meter-sample.ts';
import type { Reading } from '../../domain/station.ts';
import { type EpochMillis, type WattHours, type Watts, wattHours } from '../../domain/units.ts';
import { addSample, append, beginningPeriod, closedPeriod, countTime, type OpenPeriod, type Periods, showsCharging } from './charging-period.ts';
import { isSampleDue } from './meter-sample.ts';

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
  /** Nominal voltage and phases of the EVSE: which current a charge point means that names no phase. */
  supply?: { voltage: number; phases: number };
  period: OpenPeriod;
  /** W, as measured last. */
  power?: number;
  /** A, the sum of all phases. */
  current?: number;
  /** Percent. */
  stateOfCharge?: number;
  offered?: { unit: 'A' | 'W'; limit: number };
  /** What the charge point said last of its own: it charges, or who suspends charging. */
  stated?: { charging: boolean; by?: 'EV' | 'EVSE'; at: EpochMillis };
  /** The power in W that shows whether the car charges: the measured one, or the average since the register before. */
  drawn?: { power: number; at: EpochMillis };
  /** The last sample that was kept as evidence. */
  sampled?: MeterSample;
  /** When the session last showed that charging was suspended or went on. */
  shownAt?: EpochMillis;
}

/** The parts of a session that readings change. */
export interface Metered {
  wire: { kwh: number; charging_periods?: Periods; status: string };
  progress: Metering;
  /** Samples to keep as evidence; they are not part of the state. */
  samples?: readonly MeterSample[];
}

/** The minimum length of a charging period, and of one in which the car does not charge, as long as nothing else changes (SES-19). */
const PERIOD_MS = 5 * 60_000;
const PARKING_MS = 60 * 60_000;
/** The minimum time between two changes of state that a session shows: some cars pause every few seconds. */
const STATE_MS = 30_000;
/** Less power is standby. In W. */
const DRAWS = 100;
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
  const { at, power, stateOfCharge } = reading;
  const average = averageSince(progress, addEnergy(progress, reading, now), at);
  const known = addEnergy({ ...withValues(progress, reading), ...drawnIn(progress, reading, average) }, reading, now);
  const charged = (average ?? 0) >= DRAWS || isCharging(known);
  const period = addSample(countTime(known.period, at, charged), { at, power, stateOfCharge, current: currentIn(reading, progress) });
  const next = { ...known, period };
  const measured = keepSample({ ...rest, wire: { ...wire, kwh: kilowattHours(energyOf(next)) }, progress: next } as S, at, reading.context !== undefined);
  const staysParked = !showsCharging(wire.charging_periods) && !isCharging(next) && !period.isShown;
  const isWorth = energyOf(next) > periodStart(next) || !isCharging(next);
  const isDue = isWorth && (reading.energy !== undefined || reading.interval !== undefined);
  return isDue && wire.status === 'ACTIVE' && at - period.since >= (staysParked ? PARKING_MS : PERIOD_MS) ? closePeriod(measured, at) : measured;
}

/** The average power in W between the register before and this one; undefined when the charge point said in between whether the car charges. */
function averageSince(before: Metering, after: Metering, at: EpochMillis): number | undefined {
  const { readAt = before.period.since, stated } = before;
  if (after.readAt === before.readAt || at <= readAt || (stated && stated.at > readAt)) return undefined;
  return ((energyOf(after) - energyOf(before)) * HOUR_MS) / (at - readAt);
}

/** A register that stands still may be a coarse one, so it is no sign against a charge point that says that the car charges. */
function drawnIn({ stated }: Metering, { at, power }: Reading, average: number | undefined): Pick<Metering, 'drawn'> {
  if (power !== undefined) return { drawn: { power, at } };
  return average === undefined || (average < DRAWS && stated?.charging === true) ? {} : { drawn: { power: average, at } };
}

function withValues(progress: Metering, reading: Reading): Metering {
  const { power, currentOffered, powerOffered, stateOfCharge } = reading;
  const current = currentIn(reading, progress);
  return {
    ...progress,
    ...(power !== undefined && { power }),
    ...(current !== undefined && { current }),
    ...(stateOfCharge !== undefined && { stateOfCharge }),
    ...(currentOffered !== undefined
      ? { offered: { unit: 'A', limit: currentOffered } }
      : powerOffered !== undefined
        ? { offered: { unit: 'W', limit: powerOffered } }
        : {}),
  };
}

/** The sum of the current over all phases. A current without a phase may be that of each phase; the power beside it tells. */
function currentIn({ current, currentSum, power }: Reading, { supply }: Metering): number | undefined {
  if (currentSum !== undefined || current === undefined || power === undefined || supply === undefined) return currentSum ?? current;
  const { voltage, phases } = supply;
  return Math.abs(current * voltage * phases - power) < Math.abs(current * voltage - power) ? current * phases : current;
}

/** Whether the car charges: as its power shows, or as the charge point has said since; it does when neither is known. */
function isCharging({ drawn, stated }: Metering): boolean {
  return drawn && drawn.at > (stated?.at ?? Number.NEGATIVE_INFINITY) ? drawn.power >= DRAWS : (stated?.charging ?? true);
}

/** Whether the car charges, and if not, who suspends charging. */
export function chargingStateOf(progress: Metering): ChargingState {
  if (isCharging(progress)) return 'charging';
  const by = progress.stated?.charging === false ? progress.stated.by : undefined;
  return by === undefined ? 'not_charging' : by === 'EV' ? 'suspended_ev' : 'suspended_evse';
}

/** Keeps a sample of the session for evidence when one is due, and (`always`) at the first and the last register. */
function keepSample<S extends Metered>(session: S, at: EpochMillis, always = false): S {
  const { progress, samples = [] } = session;
  const { sampled, power, current, offered } = progress;
  const sample: MeterSample = {
    at,
    energy: energyOf(progress),
    ...(power !== undefined && { power }),
    ...(current !== undefined && { current }),
    ...(offered && { offered }),
    state: chargingStateOf(progress),
  };
  if (sampled && (at <= sampled.at || !(always || isSampleDue(sampled, sample)))) return session;
  return { ...session, progress: { ...progress, sampled: sample }, samples: [...samples, sample] };
}

/** Takes what a charge point says about its charging; the time before it counts as what held until then. */
export function takeState<S extends Metered>(session: S, stated: NonNullable<Metering['stated']>): S {
  const { progress } = session;
  if (progress.stated && stated.at < progress.stated.at) return session;
  return keepSample({ ...session, progress: { ...progress, period: countTime(progress.period, stated.at, isCharging(progress)), stated } }, stated.at);
}

/** Shows in the charging periods that charging was suspended, or goes on, if that changed (SES-20). */
export function showState<S extends Metered>(session: S, at: EpochMillis): S {
  const { wire, progress } = session;
  const isNews = showsCharging(wire.charging_periods) !== isCharging(progress);
  const isDue = progress.shownAt === undefined || at - progress.shownAt >= STATE_MS;
  if (wire.status !== 'ACTIVE' || !isNews || !isDue || at < progress.period.since) return session;
  return closePeriod(session, at);
}

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

/**
 * Closes the open charging period with its energy and opens the next one; the energy of all periods is that of the session (CDP-01).
 * A session that goes on shows the begin of the next one when the car charges then and did not before, or the other way round.
 */
export function closePeriod<S extends Metered>(session: S, at: EpochMillis, { isLast = false } = {}): S {
  const { wire, progress } = session;
  const { period } = progress;
  const energy = energyOf(progress);
  const volume = (tenths(energy) - tenths(periodStart(progress))) / 10_000;
  const charging = isCharging(progress);
  const end = { at, kilowattHours: volume, isCharging: charging, most: progress.maxPower };
  const closed = wire.status === 'ACTIVE' || volume > 0 ? closedPeriod(period, end) : undefined;
  const before = (wire.charging_periods ?? []).slice(0, period.isShown ? -1 : undefined);
  const periods = closed ? append(before, closed) : before;
  const isNews = !isLast && showsCharging(periods) !== charging;
  if (!closed && !isNews && !period.isShown) return session;
  const { charging_periods: _, ...unchanged } = wire;
  const shown = isNews ? [...periods, beginningPeriod(at, charging)] : periods;
  return {
    ...session,
    wire: { ...unchanged, ...(shown.length > 0 && { charging_periods: shown }) },
    progress: {
      ...progress,
      ...(showsCharging(shown) !== showsCharging(wire.charging_periods) && { shownAt: at }),
      period: { since: at, energy, ...(isNews && { isShown: true }) },
    },
  };
}

const tenths = (energy: number) => Math.round(energy * 10);
const kilowattHours = (energy: number) => tenths(energy) / 10_000;
