import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';
import type { CompositeStep } from './composite.ts';
import type { StationControls } from './dialect.ts';
import type { CompositeQuirk } from './traits.ts';

/** A period on the wire; `limit` may be absent in OCPP 2.1 only. */
export interface WirePeriod {
  startPeriod: number;
  limit?: number;
  limit_L2?: number;
  limit_L3?: number;
  numberPhases?: number;
}

/** A composite schedule on the wire, with the station's quirks. */
export interface WireComposite {
  scheduleStart: string;
  duration: number;
  chargingRateUnit: RateUnit;
  chargingSchedulePeriod: WirePeriod[];
}

/** A request for a composite schedule: `duration` in seconds from now; without a unit the station chooses. */
export interface CompositeRequest {
  evseId: number;
  duration: number;
  unit: RateUnit | undefined;
}

/** Computes and writes the composite schedule, with the quirks of the station's traits; undefined when the station rejects the request. */
export function reportComposite(request: CompositeRequest, station: StationControls): WireComposite | undefined {
  const quirks = station.traits.composite;
  const has = (quirk: CompositeQuirk) => quirks.includes(quirk);
  const requested = request.unit ?? unitOfProfiles(station) ?? station.traits.units[0] ?? 'A';
  if (!station.traits.units.includes(requested)) return undefined;
  const unit = has('other-unit') ? otherUnit(requested) : requested;
  const all = station.composite(request.evseId, request.duration, unit);
  const steps = has('begins-with-profile') ? fromFirstLimit(all) : all;
  const [first] = steps ?? [];
  if (!steps || !first || (has('rejected-when-no-profile') && station.installed().length === 0)) return undefined;
  return {
    scheduleStart: writeTime(first.from * 1000, quirks),
    duration: has('huge-duration') ? 8_638_204_675_089 : request.duration,
    chargingRateUnit: unit,
    chargingSchedulePeriod: has('empty-periods')
      ? []
      : mergeEqual(steps.map((step) => ({ startPeriod: startOf(step.from - first.from, quirks), ...writeLimit(step, station) }))),
  };
}

/** The steps from the first that a profile limits; all of them when none does. */
function fromFirstLimit(steps: readonly CompositeStep[] = []): readonly CompositeStep[] {
  const first = steps.findIndex(({ isUnlimited }) => !isUnlimited);
  return steps.slice(Math.max(0, first));
}

const startOf = (start: number, quirks: readonly CompositeQuirk[]) => (start > 0 && quirks.includes('edges-a-second-late') ? start + 1 : start);

const otherUnit = (unit: RateUnit): RateUnit => (unit === 'A' ? 'W' : 'A');

function unitOfProfiles(station: StationControls): RateUnit | undefined {
  return station.installed().find(({ purpose }) => purpose === 'tx')?.schedule.unit;
}

function writeTime(at: number, quirks: readonly CompositeQuirk[]): string {
  const whole = new Date(at).toISOString().slice(0, 19);
  if (quirks.includes('offset-timestamps')) return `${new Date(at + 7_200_000).toISOString().slice(0, 19)}+02:00`;
  return quirks.includes('sub-second-timestamps') ? `${whole}.123456Z` : `${whole}Z`;
}

function writeLimit({ limit, isUnlimited }: CompositeStep, { traits: { composite: quirks }, version }: StationControls): Omit<WirePeriod, 'startPeriod'> {
  if (isUnlimited && quirks.includes('minus-one-for-no-limit')) return version === '2.1' ? { limit: -1 } : { limit: -1, numberPhases: -1 };
  if (isUnlimited && quirks.includes('huge-for-no-limit')) return { limit: 999_999 };
  if (isUnlimited && quirks.includes('period-without-limit')) return {};
  // The addend absorbs float errors: 11.0999… is 11.1.
  const rounded = quirks.includes('whole-amperes') ? Math.floor(limit) : Math.floor(limit * 10 + 1e-6) / 10;
  const written = quirks.includes('float32-noise') ? Math.fround(rounded) : rounded;
  return quirks.includes('limits-per-phase') ? { limit: written, limit_L2: written, limit_L3: Math.max(0, written - 1) } : { limit: written };
}

function mergeEqual(periods: readonly WirePeriod[]): WirePeriod[] {
  return periods.filter((period, i) => {
    const before = periods[i - 1];
    return !before || before.limit !== period.limit;
  });
}
