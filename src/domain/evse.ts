import type { Amperes, Volts, Watts } from './units.ts';

/** OCPI PowerType (OCPI 2.2.1 §8.4.19). */
export type PowerType = 'AC_1_PHASE' | 'AC_2_PHASE' | 'AC_2_PHASE_SPLIT' | 'AC_3_PHASE' | 'DC';

/** One EVSE as the operator configured it: its OCPP address and its electrical limits. */
export interface Evse {
  uid: string;
  /** The EVSE id in OCPP 2.x; the connector id in OCPP 1.6, which has no EVSEs. */
  evseId: number;
  connectorId: number;
  powerType: PowerType;
  /** Nominal voltage; line to neutral for AC. */
  maxVoltage: Volts;
  /** Current per phase for AC. */
  maxAmperage: Amperes;
  /** Power over all phases; absent: the product of voltage, amperage and phases. */
  maxPower?: Watts;
}

/** The number of wired phases of an EVSE; 1 for DC, which has a single current. */
export function phasesOf(powerType: PowerType): 1 | 2 | 3 {
  switch (powerType) {
    case 'AC_1_PHASE':
    case 'DC':
      return 1;
    case 'AC_2_PHASE':
    case 'AC_2_PHASE_SPLIT':
      return 2;
    case 'AC_3_PHASE':
      return 3;
  }
}
