import type { EnumMapping } from './read-field.ts';
import type { InstalledProfile, Purpose } from './stacked-profile.ts';

export type Purpose16 = 'TxProfile' | 'TxDefaultProfile' | 'ChargePointMaxProfile';
export type Purpose201 = 'TxProfile' | 'TxDefaultProfile' | 'ChargingStationMaxProfile' | 'ChargingStationExternalConstraints';
export type Purpose21 = Purpose201 | 'PriorityCharging' | 'LocalGeneration';

/** The purposes of OCPP 1.6 §7.11. */
export const PURPOSES_16: EnumMapping<Purpose16, Purpose> = [
  ['TxProfile', 'tx'],
  ['TxDefaultProfile', 'tx-default'],
  ['ChargePointMaxProfile', 'max'],
];

/** The purposes of OCPP 2.0.1 ChargingProfilePurposeEnumType. */
export const PURPOSES_201: EnumMapping<Purpose201, Purpose> = [
  ['TxProfile', 'tx'],
  ['TxDefaultProfile', 'tx-default'],
  ['ChargingStationMaxProfile', 'max'],
  ['ChargingStationExternalConstraints', 'external'],
];

/** OCPP 2.1 has two more. */
export const PURPOSES_21: EnumMapping<Purpose21, Purpose> = [...PURPOSES_201, ['PriorityCharging', 'priority'], ['LocalGeneration', 'local-generation']];

type Kind = InstalledProfile['kind'];

/** How a kind is written; `Recurring` is told apart by its recurrencyKind. */
export const KINDS: EnumMapping<'Absolute' | 'Relative' | 'Recurring', Kind | 'Recurring'> = [
  ['Absolute', 'Absolute'],
  ['Relative', 'Relative'],
  ['Recurring', 'Recurring'],
];

/** OCPP 2.1 has one more. */
export const KINDS_21: EnumMapping<'Absolute' | 'Relative' | 'Recurring' | 'Dynamic', Kind | 'Recurring'> = [...KINDS, ['Dynamic', 'Dynamic']];

export const RECURRENCES: EnumMapping<'Daily' | 'Weekly', 'Daily' | 'Weekly'> = [
  ['Daily', 'Daily'],
  ['Weekly', 'Weekly'],
];
