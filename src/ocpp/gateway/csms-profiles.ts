import { PURPOSES_16, PURPOSES_21, PURPOSES_201 } from '../../domain/profile/ocpp-enums.ts';
import { fromOcpp16, fromOcpp21, fromOcpp201 } from '../../domain/profile/read-ocpp.ts';
import type { InstalledProfile, Purpose } from '../../domain/profile/stacked-profile.ts';
import type { OcppVersion } from '../station.ts';

/** How a call of a CSMS was answered: `result` with the payload of the CALLRESULT, `error` by a CALLERROR, `none`: no answer is known. */
export type CsmsAnswer = { is: 'result'; payload: unknown } | { is: 'error' } | { is: 'none' };

/** A call that passed between a CSMS and a station, with its answer, in the ids that the station uses. */
export interface ObservedCall {
  version: OcppVersion;
  action: string;
  payload: unknown;
  answer: CsmsAnswer;
}

/** What tells one installed profile from another. `evseId`: the connector in OCPP 1.6; 0 is the whole station. */
export interface ProfileKey {
  evseId: number;
  id: number;
  purpose: Purpose;
  stackLevel: number;
  /** Absent for a TxProfile of OCPP 1.6: the running transaction. */
  transactionId?: string;
}

/** A profile that a CSMS set at a station. */
export interface CsmsProfile extends ProfileKey {
  /** Absent: its schedule could not be read. */
  profile?: InstalledProfile;
  /** The payload of the SetChargingProfile that sets it again; absent: larger than what is kept. */
  payload?: object;
  /** It came with a remote start, and its transaction has not started; `evseId` 0 is then any EVSE. */
  awaitsStart?: true;
}

/** The criteria of a ClearChargingProfile; a profile must match all that are given. */
export interface ClearCriteria {
  id?: number;
  evseId?: number;
  purpose?: Purpose;
  stackLevel?: number;
}

/** What a CSMS did to its profiles at a station. */
export type CsmsEvent =
  | { kind: 'set'; version: OcppVersion; profile: CsmsProfile }
  | { kind: 'clear'; criteria: ClearCriteria }
  /** The limit of a Dynamic profile; `limit` undefined: the update could not be read (OCPP 2.1 K28). */
  | { kind: 'update'; id: number; limit: number | undefined }
  /** Something about profiles that could not be read. */
  | { kind: 'unknown' };

/** What the station made of it. `not-there`: no profile matched; `unknown`: no answer, or one that could not be read. */
export type CsmsOutcome = 'done' | 'refused' | 'not-there' | 'unknown';

/** More characters of a payload are not kept: such a profile cannot be set again. */
const LONGEST_PAYLOAD = 32_768;
/** The maximum of OCPP 2.x; OCPP 1.6 has numbers. */
const LONGEST_TRANSACTION_ID = 36;

const READERS = { '1.6': fromOcpp16, '2.0.1': fromOcpp201, '2.1': fromOcpp21 } as const;
const PURPOSES = { '1.6': PURPOSES_16, '2.0.1': PURPOSES_201, '2.1': PURPOSES_21 } as const;

/** Reads a call about profiles and what the station made of it; undefined for every other call. Never throws. */
export function readCsmsCall(call: ObservedCall): { event: CsmsEvent; outcome: CsmsOutcome } | undefined {
  const event = READ.get(call.action)?.(call);
  return event && { event, outcome: outcomeOf(call.answer) };
}

const READ: ReadonlyMap<string, (call: ObservedCall) => CsmsEvent | undefined> = new Map([
  ['SetChargingProfile', readSet],
  ['ClearChargingProfile', readClear],
  ['RemoteStartTransaction', readStart],
  ['RequestStartTransaction', readStart],
  ['UpdateDynamicSchedule', ({ payload }: ObservedCall) => readUpdate(payload, payload)],
  ['PullDynamicScheduleUpdate', ({ payload, answer }: ObservedCall) => readUpdate(payload, answer.is === 'result' ? answer.payload : undefined)],
]);

/** A property of a value from outside; undefined when it is no object or has none. `null` counts as absent. */
function field(value: unknown, name: string): unknown {
  const found = typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  return found ?? undefined;
}

function whole(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : undefined;
}

function outcomeOf(answer: CsmsAnswer): CsmsOutcome {
  if (answer.is !== 'result') return answer.is === 'error' ? 'refused' : 'unknown';
  const status = field(answer.payload, 'status');
  if (status === 'Accepted') return 'done';
  if (status === 'Unknown') return 'not-there';
  return status === 'Rejected' || status === 'NotSupported' ? 'refused' : 'unknown';
}

function readSet({ version, payload }: ObservedCall): CsmsEvent {
  const [evseId, wire] =
    version === '1.6' ? [field(payload, 'connectorId'), field(payload, 'csChargingProfiles')] : [field(payload, 'evseId'), field(payload, 'chargingProfile')];
  const profile = readProfile(version, wire, whole(evseId));
  return profile ? { kind: 'set', version, profile: { ...profile, ...kept(payload) } } : { kind: 'unknown' };
}

/** A remote start with a profile: the TxProfile of the transaction that it starts (OCPP 1.6 §5.16.2, OCPP 2.0.1 K05). */
function readStart({ version, payload }: ObservedCall): CsmsEvent | undefined {
  const wire = field(payload, 'chargingProfile');
  if (wire === undefined) return undefined;
  const evseId = whole(field(payload, version === '1.6' ? 'connectorId' : 'evseId')) ?? 0;
  const profile = readProfile(version, wire, evseId);
  if (!profile) return { kind: 'unknown' };
  const sets = version === '1.6' ? { connectorId: evseId, csChargingProfiles: wire } : { evseId, chargingProfile: wire };
  return { kind: 'set', version, profile: { ...profile, ...kept(sets), awaitsStart: true } };
}

/** A profile, or only its key when its schedule cannot be read; undefined when the key cannot be read either. */
function readProfile(version: OcppVersion, wire: unknown, evseId: number | undefined): CsmsProfile | undefined {
  const id = whole(field(wire, version === '1.6' ? 'chargingProfileId' : 'id'));
  const stackLevel = whole(field(wire, 'stackLevel'));
  const purpose = purposeOf(version, field(wire, 'chargingProfilePurpose'));
  const transaction = field(wire, 'transactionId');
  if (id === undefined || stackLevel === undefined || purpose === undefined || evseId === undefined) return undefined;
  const transactionId = typeof transaction === 'number' || typeof transaction === 'string' ? String(transaction) : undefined;
  if (transactionId !== undefined && transactionId.length > LONGEST_TRANSACTION_ID) return undefined;
  const read = READERS[version](wire);
  return { evseId, id, purpose, stackLevel, ...(transactionId !== undefined && { transactionId }), ...(read.ok && { profile: read.value }) };
}

const purposeOf = (version: OcppVersion, written: unknown): Purpose | undefined => PURPOSES[version].find(([wire]) => wire === written)?.[1];

const kept = (payload: unknown): { payload?: object } =>
  typeof payload === 'object' && payload !== null && JSON.stringify(payload).length <= LONGEST_PAYLOAD ? { payload } : {};

/** OCPP 1.6 has all criteria beside each other; from 2.0.1 on an id counts alone (K10.FR.03). A criterion that cannot be read makes the whole clear unknown. */
function readClear({ version, payload }: ObservedCall): CsmsEvent {
  const is16 = version === '1.6';
  const criteria = is16 ? payload : field(payload, 'chargingProfileCriteria');
  const writtenId = field(payload, is16 ? 'id' : 'chargingProfileId');
  if (!is16 && writtenId !== undefined) return whole(writtenId) === undefined ? { kind: 'unknown' } : { kind: 'clear', criteria: { id: Number(writtenId) } };
  const [id, evseId, stackLevel] = [writtenId, field(criteria, is16 ? 'connectorId' : 'evseId'), field(criteria, 'stackLevel')].map(readOptional);
  const writtenPurpose = field(criteria, 'chargingProfilePurpose');
  const purpose = purposeOf(version, writtenPurpose);
  if (id === 'bad' || evseId === 'bad' || stackLevel === 'bad' || (writtenPurpose !== undefined && purpose === undefined)) return { kind: 'unknown' };
  return {
    kind: 'clear',
    criteria: {
      ...(id !== undefined && { id }),
      ...(evseId !== undefined && { evseId }),
      ...(purpose !== undefined && { purpose }),
      ...(stackLevel !== undefined && { stackLevel }),
    },
  };
}

const readOptional = (value: unknown): number | undefined | 'bad' => (value === undefined ? undefined : (whole(value) ?? 'bad'));

function readUpdate(named: unknown, carrier: unknown): CsmsEvent {
  const id = whole(field(named, 'chargingProfileId'));
  if (id === undefined) return { kind: 'unknown' };
  const limit = field(field(carrier, 'scheduleUpdate'), 'limit');
  return { kind: 'update', id, limit: typeof limit === 'number' && Number.isFinite(limit) && limit >= 0 ? limit : undefined };
}
