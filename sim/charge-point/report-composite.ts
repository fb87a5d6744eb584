import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';
import type { CompositeStep } from './composite.ts';
import type { Works } from './dialect.ts';
import type { CompositeQuirk } from './traits.ts';

/** A period as it goes over the wire; only OCPP 2.1 lets `limit` be absent. */
export interface WirePeriod {
  startPeriod: number;
  limit?: number;
  limit_L2?: number;
  limit_L3?: number;
  numberPhases?: number;
}

/** A composite as a station reports it, its quirks at work. */
export interface WireComposite {
  scheduleStart: string;
  duration: number;
  chargingRateUnit: RateUnit;
  chargingSchedulePeriod: WirePeriod[];
}

/** What was asked for: seconds from now, in a unit or in the station's own choice of one. */
export interface CompositeRequest {
  evseId: number;
  duration: number;
  unit: RateUnit | undefined;
}

/** Computes the composite and writes it down; `undefined` where a station of these traits rejects the question. */
export function reportComposite(asked: CompositeRequest, works: Works): WireComposite | undefined {
  const quirks = works.traits.composite;
  const has = (quirk: CompositeQuirk) => quirks.includes(quirk);
  const wanted = asked.unit ?? unitOfProfiles(works) ?? works.traits.units[0] ?? 'A';
  if (!works.traits.units.includes(wanted)) return undefined;
  const unit = has('other-unit') ? otherUnit(wanted) : wanted;
  const steps = works.composite(asked.evseId, asked.duration, unit);
  const [first] = steps ?? [];
  if (!steps || !first || (has('rejected-when-no-profile') && works.installed().length === 0)) return undefined;
  return {
    scheduleStart: stampWith(first.from * 1000, quirks),
    duration: has('huge-duration') ? 8_638_204_675_089 : asked.duration,
    chargingRateUnit: unit,
    chargingSchedulePeriod: has('empty-periods')
      ? []
      : joinEqual(steps.map((step) => ({ startPeriod: edgeOf(step.from - first.from, quirks), ...limitWith(step, works) }))),
  };
}

const edgeOf = (start: number, quirks: readonly CompositeQuirk[]) => (start > 0 && quirks.includes('edges-a-second-late') ? start + 1 : start);

const otherUnit = (unit: RateUnit): RateUnit => (unit === 'A' ? 'W' : 'A');

function unitOfProfiles(works: Works): RateUnit | undefined {
  return works.installed().find(({ purpose }) => purpose === 'tx')?.schedule.unit;
}

function stampWith(at: number, quirks: readonly CompositeQuirk[]): string {
  const whole = new Date(at).toISOString().slice(0, 19);
  if (quirks.includes('offset-timestamps')) return `${new Date(at + 7_200_000).toISOString().slice(0, 19)}+02:00`;
  return quirks.includes('sub-second-timestamps') ? `${whole}.123456Z` : `${whole}Z`;
}

function limitWith({ limit, free }: CompositeStep, { traits: { composite: quirks }, version }: Works): Omit<WirePeriod, 'startPeriod'> {
  if (free && quirks.includes('minus-one-for-no-limit')) return version === '2.1' ? { limit: -1 } : { limit: -1, numberPhases: -1 };
  if (free && quirks.includes('huge-for-no-limit')) return { limit: 999_999 };
  if (free && quirks.includes('period-without-limit')) return {};
  const rounded = quirks.includes('whole-amperes') ? Math.floor(limit) : Math.floor(limit * 10 + 1e-6) / 10; // 11.1 W came out as 11.0999… and is 11.1 still
  const written = quirks.includes('float32-noise') ? Math.fround(rounded) : rounded;
  return quirks.includes('limits-per-phase') ? { limit: written, limit_L2: written, limit_L3: Math.max(0, written - 1) } : { limit: written };
}

function joinEqual(periods: readonly WirePeriod[]): WirePeriod[] {
  return periods.filter((period, i) => {
    const before = periods[i - 1];
    return !before || before.limit !== period.limit;
  });
}
