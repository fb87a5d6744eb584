import type { Wires } from '../../domain/profile/index.ts';
import { volts } from '../../domain/units.ts';

/** How many phases an EVSE can have. */
export const EVERY_PHASE = [1, 2, 3] as const;
export type PhaseCount = (typeof EVERY_PHASE)[number];

/** Line to neutral, in most of the world. */
export const USUAL_VOLTAGE = 230;

/** The wires of an EVSE as they are told on the command line. */
export const wiresOf = ({ phases, voltage }: { phases: PhaseCount; voltage: number }): Wires => ({
  powerType: `AC_${phases}_PHASE`,
  maxVoltage: volts(voltage),
});
