import { type EpochSeconds, type WattHours, wattHours } from '../domain/units.ts';
import { type Learnt, learnFrom } from '../planner/index.ts';
import { DAY, type EarlierCharge } from './scenario.ts';

/** From which sessions the usual energy of a day is learnt: those before the moment of the plan; all of the replay (hindsight); none. */
export type Expectation = 'earlier' | 'hindsight' | 'none';
/** All choices of it. */
export const EXPECTATIONS: readonly Expectation[] = ['earlier', 'hindsight', 'none'];

const dayOf = (at: number, zone: number): number => Math.floor((at + zone) / DAY);
const weekday = (day: number): number => (day + 4) % 7; // 1970-01-01 was a Thursday
const isWeekend = (day: number): boolean => weekday(day) === 0 || weekday(day) === 6;

/** What is learnt from sessions that were before a moment. It knows only what it was told. */
export class UsualEnergy {
  readonly #zone: number;
  readonly #energies = new Map<number, number>();
  readonly #charges: EarlierCharge[] = [];
  #firstDay = Number.POSITIVE_INFINITY;

  constructor(zone: number) {
    this.#zone = zone;
  }

  /** Adds a session that is over. */
  add(charge: EarlierCharge): void {
    const day = dayOf(charge.arrival, this.#zone);
    this.#energies.set(day, (this.#energies.get(day) ?? 0) + charge.energy);
    this.#firstDay = Math.min(this.#firstDay, day);
    this.#charges.push(charge);
  }

  /** Energy that cars usually take from now on until 24 h later, from the days `before` a moment. Absent: no such day is known. */
  expected(now: EpochSeconds, before: EpochSeconds = now): WattHours | undefined {
    const today = dayOf(now, this.#zone);
    const passed = (now + this.#zone) / DAY - today;
    const [first, second] = [today, today + 1].map((day) => this.#usualOn(day, dayOf(before, this.#zone)));
    if (first === undefined && second === undefined) return undefined;
    return wattHours((first ?? 0) * (1 - passed) + (second ?? 0) * passed);
  }

  /** Of the same weekday, else of the same kind of day. A day without a session counts with 0. */
  #usualOn(day: number, end: number): number | undefined {
    const days = Array.from({ length: Math.max(0, end - this.#firstDay) }, (_, n) => this.#firstDay + n);
    const mean = (some: readonly number[]) => (some.length === 0 ? undefined : some.reduce((sum, it) => sum + (this.#energies.get(it) ?? 0), 0) / some.length);
    return mean(days.filter((it) => weekday(it) === weekday(day))) ?? mean(days.filter((it) => isWeekend(it) === isWeekend(day)));
  }

  /** What sessions that came at a similar hour of the day say, else all sessions. */
  learnt(arrival: EpochSeconds): Learnt {
    const hour = (at: number) => ((at + this.#zone) % DAY) / 3_600;
    const past = this.#charges.map((charge) => ({ hour: hour(charge.arrival), stay: charge.departure - charge.arrival, energy: charge.energy }));
    const near = past.filter((it) => Math.abs(((it.hour - hour(arrival) + 36) % 24) - 12) <= 1);
    return learnFrom([near, past]);
  }
}
