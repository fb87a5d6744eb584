import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';
import type { EpochSeconds, Seconds } from '../../src/domain/units.ts';
import type { EvsePlan } from './simulated-evse.ts';
import type { Traits } from './traits.ts';

/** The purpose of a profile, the same for all versions; `external` is a limit that another system has set. */
export type InstalledPurpose = 'max' | 'tx-default' | 'tx' | 'external';

/** An installed charging profile, the same for all versions. `evseId` 0: the whole station. */
export interface InstalledProfile {
  evseId: number;
  id: number;
  stackLevel: number;
  purpose: InstalledPurpose;
  transactionId?: string;
  kind: 'Absolute' | 'Recurring' | 'Relative';
  recurrency?: 'Daily' | 'Weekly';
  validFrom?: EpochSeconds;
  validTo?: EpochSeconds;
  /** Who has set it: CSO is the node, the others are local systems. */
  source: 'CSO' | 'EMS' | 'SO' | 'Other';
  schedule: InstalledSchedule;
  /** The profile as the node has sent it; empty for a local limit. */
  wire: object;
}

/** The schedule of an installed profile. */
export interface InstalledSchedule {
  unit: RateUnit;
  start?: EpochSeconds;
  duration?: Seconds;
  periods: readonly InstalledPeriod[];
}

/** A period of a schedule; `limit` in the schedule's unit. */
export interface InstalledPeriod {
  start: Seconds;
  limit: number;
  phases?: number;
  phaseToUse?: number;
}

/** Why a station refuses a profile: reason codes of OCPP 2.x. */
export type Refusal =
  | 'UnknownEvse'
  | 'InvalidProfile'
  | 'InvalidProfileId'
  | 'InvalidSchedule'
  | 'InvalidStackLevel'
  | 'DuplicateProfile'
  | 'TxNotFound'
  | 'MissingParam'
  | 'UnsupportedRateUnit'
  | 'TooManyElements'
  | 'NoPhaseForDC';

/** The state of the station that decides whether it takes a profile. */
export interface InstallContext {
  version: '1.6' | '2.0.1' | '2.1';
  evses: readonly EvsePlan[];
  /** The running transaction of an EVSE. */
  transaction: (evseId: number) => { id: string | undefined } | undefined;
  installed: readonly InstalledProfile[];
  traits: Traits;
}

/** Why the station refuses a profile, by the rules of the standard; undefined when it takes it. */
export function refuse(profile: InstalledProfile, context: InstallContext): Refusal | undefined {
  return refuseEvse(profile, context) ?? refuseTransaction(profile, context) ?? refuseSchedule(profile, context) ?? refuseStack(profile, context);
}

function refuseEvse({ evseId, purpose, id }: InstalledProfile, { evses, version, traits }: InstallContext): Refusal | undefined {
  if (evseId !== 0 && !evses.some((evse) => evse.evseId === evseId)) return 'UnknownEvse';
  if (purpose === 'external') return 'InvalidProfile'; // K01.FR.22: the node may not set it
  if (purpose === 'max' && evseId !== 0) return 'InvalidProfile';
  if (purpose === 'tx' && evseId === 0) return 'InvalidProfile'; // K01.FR.16
  return version === '2.1' && id <= traits.maxExternalConstraintsId ? 'InvalidProfileId' : undefined; // K01.FR.80 of 2.1
}

function refuseTransaction({ evseId, purpose, transactionId }: InstalledProfile, { transaction, version, traits }: InstallContext): Refusal | undefined {
  if (purpose !== 'tx') return undefined;
  const running = transaction(evseId);
  if (!running) return 'TxNotFound'; // K01.FR.09; OCPP 1.6 §3.13.1
  if (transactionId === undefined) return version !== '1.6' || traits.needsTransactionId ? 'MissingParam' : undefined; // K01.FR.03
  return transactionId === running.id ? undefined : 'TxNotFound'; // K01.FR.33
}

function refuseSchedule({ kind, recurrency, purpose, evseId, schedule }: InstalledProfile, { version, evses, traits }: InstallContext): Refusal | undefined {
  const { unit, start, periods } = schedule;
  if (!traits.units.includes(unit)) return 'UnsupportedRateUnit'; // K01.FR.26
  if (periods.length > traits.maxPeriods) return 'TooManyElements';
  if (periods[0]?.start !== 0) return 'InvalidSchedule'; // K01.FR.31
  if (periods.some((period, i) => i > 0 && period.start <= (periods[i - 1]?.start ?? 0))) return 'InvalidSchedule'; // K01.FR.35
  if (periods.some(({ limit }) => limit < 0)) return 'InvalidSchedule';
  if (kind !== 'Relative' && start === undefined) return 'InvalidSchedule'; // K01.FR.40
  if (kind === 'Recurring' && recurrency === undefined) return 'InvalidProfile';
  if (kind === 'Relative' && version !== '1.6' && (start !== undefined || purpose === 'max')) return 'InvalidSchedule'; // K01.FR.41, K01.FR.38
  if (periods.some(({ phases, phaseToUse }) => phaseToUse !== undefined && phases !== 1)) return 'InvalidSchedule'; // K01.FR.19
  const onDc = evses.some((evse) => evse.evseId === evseId && evse.powerType === 'DC');
  return onDc && version === '2.1' && periods.some(({ phases }) => phases !== undefined) ? 'NoPhaseForDC' : undefined;
}

function refuseStack(profile: InstalledProfile, { version, installed, traits }: InstallContext): Refusal | undefined {
  if (profile.stackLevel < 0 || profile.stackLevel > traits.maxStackLevel) return 'InvalidStackLevel';
  const twin = installed.find((other) => other.id !== profile.id && sharesLevel(other, profile));
  if (twin && version !== '1.6') return 'DuplicateProfile'; // K01.FR.39 for a TxProfile, K01.FR.06 for the others
  const replaced = installed.some((other) => other.id === profile.id) || twin;
  return !replaced && installed.filter(({ source }) => source === 'CSO').length >= traits.maxProfiles ? 'TooManyElements' : undefined;
}

const sharesLevel = (a: InstalledProfile, b: InstalledProfile) =>
  a.source === 'CSO' && a.evseId === b.evseId && a.purpose === b.purpose && a.stackLevel === b.stackLevel && a.transactionId === b.transactionId;

/** Adds a profile. It replaces a profile with the same id, or with the same EVSE, purpose, stack level and transaction (OCPP 1.6 §5.16.3). */
export function install(installed: readonly InstalledProfile[], profile: InstalledProfile): InstalledProfile[] {
  return [...installed.filter((other) => other.source !== 'CSO' || (other.id !== profile.id && !sharesLevel(other, profile))), profile];
}

/** The criteria of a clear or a report; a profile must match all that are given. */
export interface Criteria {
  id?: number | undefined;
  ids?: readonly number[] | undefined;
  evseId?: number | undefined;
  purpose?: InstalledPurpose | undefined;
  stackLevel?: number | undefined;
  sources?: readonly string[] | undefined;
}

/** Whether a profile matches the criteria. */
export function matches(profile: InstalledProfile, criteria: Criteria): boolean {
  return (
    isUnsetOrEqual(criteria.id, profile.id) &&
    isUnsetOrEqual(criteria.evseId, profile.evseId) &&
    isUnsetOrEqual(criteria.purpose, profile.purpose) &&
    isUnsetOrEqual(criteria.stackLevel, profile.stackLevel) &&
    (!criteria.ids || criteria.ids.includes(profile.id)) &&
    (!criteria.sources || criteria.sources.includes(profile.source))
  );
}

const isUnsetOrEqual = <T>(wanted: T | undefined, found: T) => wanted === undefined || wanted === found;

/** The profiles that a clear removes; the node cannot clear local limits. */
export function profilesToClear(installed: readonly InstalledProfile[], criteria: Criteria, { clearsLevelZero }: Traits): InstalledProfile[] {
  return installed.filter((profile) => profile.source === 'CSO' && matches(profile, criteria) && (clearsLevelZero || profile.stackLevel > 0));
}
