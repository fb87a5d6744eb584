import type { Amperes, Volts, Watts } from './units.ts';

/** OCPI PowerType (OCPI 2.2.1 §8.4.19). */
export type PowerType = 'AC_1_PHASE' | 'AC_2_PHASE' | 'AC_2_PHASE_SPLIT' | 'AC_3_PHASE' | 'DC';

/** One EVSE as the operator configured it: where OCPP finds it, and what its wires can carry. */
export interface Evse {
  uid: string;
  /** Under OCPP 1.6, which knows no EVSEs, the number of its connector. */
  evseId: number;
  connectorId: number;
  powerType: PowerType;
  /** Nominal, line to neutral for AC. */
  maxVoltage: Volts;
  /** Per phase for AC. */
  maxAmperage: Amperes;
  /** In all; absent: what voltage, amperage and phases make. */
  maxPower?: Watts;
}

/** Phases that the wires of an EVSE have; 1 for DC, where a current is one current. */
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
