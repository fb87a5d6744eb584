import type { EnumMapping } from './read-field.ts';
import type { InstalledProfile, Purpose } from './stacked-profile.ts';

/** The purposes on the wire of OCPP 1.6. */
export type Purpose16 = 'TxProfile' | 'TxDefaultProfile' | 'ChargePointMaxProfile';
/** The purposes on the wire of OCPP 2.0.1. */
export type Purpose201 = 'TxProfile' | 'TxDefaultProfile' | 'ChargingStationMaxProfile' | 'ChargingStationExternalConstraints';
/** The purposes on the wire of OCPP 2.1. */
export type Purpose21 = Purpose201 | 'PriorityCharging' | 'LocalGeneration';

/** The purposes of OCPP 1.6 §7.11. */
export const PURPOSES_16: EnumMapping<Purpose16, Purpose> = [
  ['TxProfile', 'tx'],
  ['TxDefaultProfile', 'tx-default'],
  ['ChargePointMaxProfile', 'max'],
];

/** ChargingProfilePurposeEnumType of OCPP 2.0.1. */
export const PURPOSES_201: EnumMapping<Purpose201, Purpose> = [
  ['TxProfile', 'tx'],
  ['TxDefaultProfile', 'tx-default'],
  ['ChargingStationMaxProfile', 'max'],
  ['ChargingStationExternalConstraints', 'external'],
];

/** ChargingProfilePurposeEnumType of OCPP 2.1, with two more purposes. */
export const PURPOSES_21: EnumMapping<Purpose21, Purpose> = [...PURPOSES_201, ['PriorityCharging', 'priority'], ['LocalGeneration', 'local-generation']];

type Kind = InstalledProfile['kind'];

/** The kinds of OCPP 1.6 and 2.0.1; the recurrencyKind of `Recurring` makes it Daily or Weekly. */
export const KINDS: EnumMapping<'Absolute' | 'Relative' | 'Recurring', Kind | 'Recurring'> = [
  ['Absolute', 'Absolute'],
  ['Relative', 'Relative'],
  ['Recurring', 'Recurring'],
];

/** The kinds of OCPP 2.1, with one more kind. */
export const KINDS_21: EnumMapping<'Absolute' | 'Relative' | 'Recurring' | 'Dynamic', Kind | 'Recurring'> = [...KINDS, ['Dynamic', 'Dynamic']];

/** The values of recurrencyKind. */
export const RECURRENCES: EnumMapping<'Daily' | 'Weekly', 'Daily' | 'Weekly'> = [
  ['Daily', 'Daily'],
  ['Weekly', 'Weekly'],
];
