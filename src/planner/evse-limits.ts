import type { RateUnit } from '../domain/profile/charging-profile.ts';
import { floorTenth } from '../domain/profile/convert.ts';
import type { PlannedEvse } from './problem.ts';

/** Line to neutral of public grids (IEC 60038); stands in where nothing is known. */
const GRID_VOLTAGE = 230;
/** What an AC EVSE of which nothing is known is taken to carry, per phase. */
const USUAL_AMPERAGE = 32;
/** An AC car charges with this much on each phase or not at all (IEC 61851-1). */
const LEAST_AMPERAGE = 6;

/** An EVSE in numbers of the unit that its profiles have. */
export interface EvseLimits {
  unit: RateUnit;
  /** The highest limit; infinite for a DC EVSE of which nothing is known. */
  most: number;
  /** The lowest limit under which a car still charges. */
  least: number;
  /** Power that one A or W surely makes: an unknown number of phases is one. */
  wattsPerUnit: number;
}

/** What can be planned for an EVSE: whatever is not known of it is on the safe side. */
export function evseLimits(evse: PlannedEvse): EvseLimits {
  const { voltage = GRID_VOLTAGE, amperage = USUAL_AMPERAGE, power = Infinity, phases } = evse;
  if (evse.current === 'AC')
    return {
      unit: 'A',
      most: downToTenth(Math.min(amperage, power / (voltage * (phases ?? 3)))),
      least: LEAST_AMPERAGE,
      wattsPerUnit: voltage * (phases ?? 1),
    };
  const byCurrent = evse.voltage !== undefined && evse.amperage !== undefined ? evse.voltage * evse.amperage : Infinity;
  return { unit: 'W', most: Math.min(downToTenth(power), downToTenth(byCurrent)), least: 0, wattsPerUnit: 1 };
}

/**
 * What one unit of a session's limit takes of its site's: every AC session is taken to load the same phase, and to have three
 * where nobody knows how many; a DC EVSE takes its power from three phases.
 */
export function loadPerUnit(evse: PlannedEvse, site: RateUnit): number {
  if (evse.current === 'DC') return site === 'W' ? 1 : 1 / (3 * GRID_VOLTAGE);
  return site === 'A' ? 1 : (evse.voltage ?? GRID_VOLTAGE) * (evse.phases ?? 3);
}

/** Down to one decimal, but 6 A that doubles made a hair less stay 6 A. */
export const downToTenth = (n: number): number => floorTenth(Number(n.toPrecision(12)));
/** Up to one decimal. */
export const upToTenth = (n: number): number => 0 - floorTenth(-Number(n.toPrecision(12)));
