import type { RateUnit } from '../domain/profile/charging-profile.ts';
import { downToTenth } from '../domain/profile/convert.ts';
import type { PlannedEvse } from './problem.ts';

/** V, line to neutral, of public grids (IEC 60038); for an EVSE of unknown voltage. */
const GRID_VOLTAGE = 230;
/** A per phase, for an AC EVSE of unknown amperage. */
const USUAL_AMPERAGE = 32;
/** A per phase: the minimum charging current on AC (IEC 61851-1). */
const LEAST_AMPERAGE = 6;

/** The limits of an EVSE in the unit of its profiles. */
export interface EvseLimits {
  unit: RateUnit;
  /** The highest limit; Infinity for a DC EVSE of unknown power. */
  most: number;
  /** The lowest limit at which a car charges. */
  least: number;
  /** W for each A or W of the limit; an unknown number of phases counts as one. */
  wattsPerUnit: number;
}

/** The limits of an EVSE. Unknown values: 230 V, 32 A, no power limit; 3 phases in `most`, 1 phase in `wattsPerUnit`. */
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
 * The load on the site for each unit of a session's limit. All AC sessions count on the same phase, an unknown number of phases
 * counts as three, and a DC EVSE takes its power from three phases.
 */
export function loadPerUnit(evse: PlannedEvse, site: RateUnit): number {
  if (evse.current === 'DC') return site === 'W' ? 1 : 1 / (3 * GRID_VOLTAGE);
  return site === 'A' ? 1 : (evse.voltage ?? GRID_VOLTAGE) * (evse.phases ?? 3);
}
