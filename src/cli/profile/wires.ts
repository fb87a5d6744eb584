import type { Wires } from '../../domain/profile/index.ts';
import { volts } from '../../domain/units.ts';

/** The numbers of phases that an EVSE can have. */
export const PHASE_COUNTS = [1, 2, 3] as const;
export type PhaseCount = (typeof PHASE_COUNTS)[number];

/** Line to neutral, in most countries. */
export const DEFAULT_VOLTAGE = 230;

/** The phases and voltage of an AC EVSE, as the domain needs them. */
export const wiresOf = ({ phases, voltage }: { phases: PhaseCount; voltage: number }): Wires => ({
  powerType: `AC_${phases}_PHASE`,
  maxVoltage: volts(voltage),
});
