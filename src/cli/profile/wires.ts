import type { Wires } from '../../domain/profile/index.ts';
import { volts } from '../../domain/units.ts';

/** How many phases an EVSE can have. */
export const PHASE_COUNTS = [1, 2, 3] as const;
export type PhaseCount = (typeof PHASE_COUNTS)[number];

/** Line to neutral, in most of the world. */
export const DEFAULT_VOLTAGE = 230;

/** The wires of an EVSE as they are told on the command line. */
export const wiresOf = ({ phases, voltage }: { phases: PhaseCount; voltage: number }): Wires => ({
  powerType: `AC_${phases}_PHASE`,
  maxVoltage: volts(voltage),
});
