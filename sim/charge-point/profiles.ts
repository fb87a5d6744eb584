import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';
import type { EpochSeconds, Seconds } from '../../src/domain/units.ts';
import type { OutletPlan } from './simulated-evse.ts';
import type { Traits } from './traits.ts';

export type InstalledPurpose = 'max' | 'tx-default' | 'tx' | 'external';

/** A charging profile as a station keeps it, whichever version brought it. `evseId` 0: the whole station. */
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
  /** Who set it: CSO is the node, the others are local. */
  source: 'CSO' | 'EMS' | 'SO' | 'Other';
  schedule: InstalledSchedule;
  /** The profile as it came over the wire, or as it would have. */
  wire: object;
}

export interface InstalledSchedule {
  unit: RateUnit;
  start?: EpochSeconds;
  duration?: Seconds;
  periods: readonly InstalledPeriod[];
}

export interface InstalledPeriod {
  start: Seconds;
  limit: number;
  phases?: number;
  phaseToUse?: number;
}

/** Why a station refuses a profile; the words are reason codes of OCPP 2.x. */
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

/** What a station knows when a profile comes in. */
export interface Site {
  version: '1.6' | '2.0.1' | '2.1';
  outlets: readonly OutletPlan[];
  /** The running transaction of an EVSE. */
  transaction: (evseId: number) => { id: string | undefined } | undefined;
  installed: readonly InstalledProfile[];
  traits: Traits;
}

/** Why the standard lets a station refuse this profile; `undefined` when it must take it. */
export function refuse(profile: InstalledProfile, site: Site): Refusal | undefined {
  return refusePlace(profile, site) ?? refuseTransaction(profile, site) ?? refuseSchedule(profile, site) ?? refuseStack(profile, site);
}

function refusePlace({ evseId, purpose, id }: InstalledProfile, { outlets, version, traits }: Site): Refusal | undefined {
  if (evseId !== 0 && !outlets.some((outlet) => outlet.evseId === evseId)) return 'UnknownEvse';
  if (purpose === 'external') return 'InvalidProfile'; // K01.FR.22: never the node's to set
  if (purpose === 'max' && evseId !== 0) return 'InvalidProfile';
  if (purpose === 'tx' && evseId === 0) return 'InvalidProfile'; // K01.FR.16
  return version === '2.1' && id <= traits.maxExternalConstraintsId ? 'InvalidProfileId' : undefined; // K01.FR.80 of 2.1
}

function refuseTransaction({ evseId, purpose, transactionId }: InstalledProfile, { transaction, version, traits }: Site): Refusal | undefined {
  if (purpose !== 'tx') return undefined;
  const running = transaction(evseId);
  if (!running) return 'TxNotFound'; // K01.FR.09; OCPP 1.6 §3.13.1
  if (transactionId === undefined) return version !== '1.6' || traits.needsTransactionId ? 'MissingParam' : undefined; // K01.FR.03
  return transactionId === running.id ? undefined : 'TxNotFound'; // K01.FR.33
}

function refuseSchedule({ kind, recurrency, purpose, evseId, schedule }: InstalledProfile, { version, outlets, traits }: Site): Refusal | undefined {
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
  const onDc = outlets.some((outlet) => outlet.evseId === evseId && outlet.powerType === 'DC');
  return onDc && version === '2.1' && periods.some(({ phases }) => phases !== undefined) ? 'NoPhaseForDC' : undefined;
}

function refuseStack(profile: InstalledProfile, { version, installed, traits }: Site): Refusal | undefined {
  if (profile.stackLevel < 0 || profile.stackLevel > traits.maxStackLevel) return 'InvalidStackLevel';
  const twin = installed.find((other) => other.id !== profile.id && sharesLevel(other, profile));
  if (twin && version !== '1.6') return 'DuplicateProfile'; // K01.FR.39 for a TxProfile, K01.FR.06 for the others
  const replaced = installed.some((other) => other.id === profile.id) || twin;
  return !replaced && installed.filter(({ source }) => source === 'CSO').length >= traits.maxProfiles ? 'TooManyElements' : undefined;
}

const sharesLevel = (a: InstalledProfile, b: InstalledProfile) =>
  a.source === 'CSO' && a.evseId === b.evseId && a.purpose === b.purpose && a.stackLevel === b.stackLevel && a.transactionId === b.transactionId;

/** The profiles after one more: the same id is replaced, and so is the same place, purpose and stack level (OCPP 1.6 §5.16.3). */
export function install(installed: readonly InstalledProfile[], profile: InstalledProfile): InstalledProfile[] {
  return [...installed.filter((other) => other.source !== 'CSO' || (other.id !== profile.id && !sharesLevel(other, profile))), profile];
}

/** What a clear or a report asks for; every part given must match. */
export interface Criteria {
  id?: number | undefined;
  ids?: readonly number[] | undefined;
  evseId?: number | undefined;
  purpose?: InstalledPurpose | undefined;
  stackLevel?: number | undefined;
  sources?: readonly string[] | undefined;
}

/** Whether a profile is one of those asked for. */
export function matches(profile: InstalledProfile, asked: Criteria): boolean {
  return (
    is(asked.id, profile.id) &&
    is(asked.evseId, profile.evseId) &&
    is(asked.purpose, profile.purpose) &&
    is(asked.stackLevel, profile.stackLevel) &&
    (!asked.ids || asked.ids.includes(profile.id)) &&
    (!asked.sources || asked.sources.includes(profile.source))
  );
}

const is = <T>(asked: T | undefined, found: T) => asked === undefined || asked === found;

/** The profiles that a clear takes away; limits set from elsewhere are never the node's to clear. */
export function cleared(installed: readonly InstalledProfile[], asked: Criteria, { clearsLevelZero }: Traits): InstalledProfile[] {
  return installed.filter((profile) => profile.source === 'CSO' && matches(profile, asked) && (clearsLevelZero || profile.stackLevel > 0));
}
