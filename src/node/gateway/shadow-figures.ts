import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import type { ShadowDay, ShadowKind } from '../../store/sql/shadow.ts';

const DAY_MS = 86_400_000;

/** The begin of a day, UTC. */
const dayOf = (at: EpochMillis): EpochMillis => epochMillis(Math.floor(at / DAY_MS) * DAY_MS);

/** What figures are about: a charge point with its site, or a site. */
export type ShadowSubject = Pick<ShadowDay, 'kind' | 'name' | 'site'>;

const ZEROS = {
  sets: 0,
  clears: 0,
  gets: 0,
  siteLimits: 0,
  refused: 0,
  measuredS: 0,
  loweredMwh: 0,
  loweredPeakW: 0,
  aboveS: 0,
  abovePeakMa: 0,
  abovePeakW: 0,
};
const COUNTS = { set: 'sets', clear: 'clears', get: 'gets', 'site-limit': 'siteLimits', refused: 'refused' } as const;

/** Figures since they were stored last, by day and by charge point or site. */
export class ShadowFigures {
  #days = new Map<string, ShadowDay>();

  get size(): number {
    return this.#days.size;
  }

  /** Counts a request. */
  count(of: ShadowSubject, what: ShadowKind | 'refused', at: EpochMillis): void {
    this.#dayOf(of, at)[COUNTS[what]] += 1;
  }

  /** Adds a time in which a charge point drew so much more than its limits would have let it; `lowered` in W. */
  addLowered(of: ShadowSubject, { lowered, seconds }: { lowered: number; seconds: number }, at: EpochMillis): void {
    const day = this.#dayOf(of, at);
    day.measuredS += seconds;
    day.loweredMwh += (lowered * seconds) / 3.6;
    day.loweredPeakW = Math.max(day.loweredPeakW, lowered);
  }

  /** Adds a time in which a site was so far above its limits, or within them. */
  addSite(of: ShadowSubject, { amperes, watts, seconds }: { amperes: number; watts: number; seconds: number }, at: EpochMillis): void {
    const day = this.#dayOf(of, at);
    day.measuredS += seconds;
    if (amperes > METER_ERROR || watts > 0) day.aboveS += seconds;
    day.abovePeakMa = Math.max(day.abovePeakMa, amperes * 1_000);
    day.abovePeakW = Math.max(day.abovePeakW, watts);
  }

  /** Takes all figures away, to store them. */
  take(): readonly ShadowDay[] {
    const days = [...this.#days.values()];
    this.#days = new Map();
    return days;
  }

  /** Gives back figures that could not be stored. */
  giveBack(days: readonly ShadowDay[]): void {
    for (const it of days) {
      const day = this.#dayOf(it, it.day);
      for (const key of SUMS) day[key] += it[key];
      for (const key of PEAKS) day[key] = Math.max(day[key], it[key]);
    }
  }

  #dayOf({ kind, name, site }: ShadowSubject, at: EpochMillis): ShadowDay {
    const day = dayOf(at);
    const key = `${day} ${kind} ${name}`;
    const known = this.#days.get(key) ?? { day, kind, name, site, ...ZEROS };
    this.#days.set(key, known);
    return known;
  }
}

const SUMS = ['sets', 'clears', 'gets', 'siteLimits', 'refused', 'measuredS', 'loweredMwh', 'aboveS'] as const;
const PEAKS = ['loweredPeakW', 'abovePeakMa', 'abovePeakW'] as const;
/** A: a smaller excess is an error of meters. */
const METER_ERROR = 0.2;
