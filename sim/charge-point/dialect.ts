import type { Clock } from '../../src/domain/clock.ts';
import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';
import { type EpochMillis, type EpochSeconds, epochSeconds } from '../../src/domain/units.ts';
import type { OcppVersion } from '../../src/ocpp/station.ts';
import type { CompositeStep } from './composite.ts';
import type { CallAnswer, OutgoingCall } from './ocpp-client.ts';
import type { Criteria, InstalledProfile, Refusal } from './profiles.ts';
import type { IdToken, SimulatedEvse, Transaction } from './simulated-evse.ts';
import type { Traits } from './traits.ts';

/** An event at a simulated station; the dialect turns it into the messages of its OCPP version. */
export type LocalEvent =
  | { kind: 'booted'; because: 'PowerUp' | 'RemoteReset' | 'Triggered' }
  | { kind: 'heartbeat' }
  | { kind: 'status'; evse: SimulatedEvse }
  | { kind: 'token-presented'; idToken: IdToken }
  | { kind: 'started'; evse: SimulatedEvse; transaction: Transaction }
  | { kind: 'state-changed'; evse: SimulatedEvse; transaction: Transaction }
  | { kind: 'sampled'; evse: SimulatedEvse; transaction: Transaction; because: 'clock' | 'trigger' }
  | { kind: 'rate-changed'; evse: SimulatedEvse; transaction: Transaction }
  | { kind: 'ended'; evse: SimulatedEvse; transaction: Transaction; because: EndReason }
  | { kind: 'limited'; profile: InstalledProfile; withSchedule: boolean }
  | { kind: 'unlimited'; profile: InstalledProfile };

/** Why a transaction ended, as in `stoppedReason` of OCPP 2.x. */
export type EndReason = 'EVDisconnected' | 'SOCLimitReached' | 'Remote' | 'Reboot' | 'Local' | 'DeAuthorized';

/** The station's answer to a call of the node: a CALLRESULT or a CALLERROR. `afterwards` runs when the answer has been sent. */
export type Reply = { ok: true; payload: object; afterwards?: () => void } | { ok: false; code: string; description?: string };

/** A reservation of an EVSE; of any one when `evseId` is undefined. */
export interface Reservation {
  id: number;
  evseId: number | undefined;
  uid: string;
}

/** What a dialect may use of its station. */
export interface StationControls {
  readonly clock: Clock;
  readonly version: OcppVersion;
  readonly traits: Traits;
  readonly evses: readonly SimulatedEvse[];
  installed(): readonly InstalledProfile[];
  /** Installs a profile; returns the reason when it is refused. */
  install(profile: InstalledProfile): Refusal | undefined;
  /** Clears the matching profiles; returns their number. */
  clear(criteria: Criteria): number;
  /** The composite schedule from now on, for `duration` seconds. EVSE 0 is the whole station; undefined for an unknown EVSE. */
  composite(evseId: number, duration: number, unit: RateUnit): readonly CompositeStep[] | undefined;
  /** Recomputes the power of every EVSE. */
  updateAll(): void;
  emit(event: LocalEvent): void;
  send(call: OutgoingCall): void;
  /** Returns a function that starts a transaction for a car that is plugged in, to be called after the answer; undefined when there is no such car. */
  prepareStart(start: {
    evseId?: number | undefined;
    idToken: IdToken;
    remoteStartId?: number;
    profile?: InstalledProfile | undefined;
  }): (() => void) | undefined;
  /** Returns a function that stops the transaction, to be called after the answer; undefined when it does not run. */
  prepareStop(transactionId: string): (() => void) | undefined;
  reboot(): void;
  /** Reserves an EVSE; a reservation with the same id is replaced. False when no such EVSE is free. */
  reserve(reservation: Reservation): boolean;
  /** False when there is no such reservation. */
  cancelReservation(id: number): boolean;
  localListVersion(): number;
  setLocalListVersion(version: number): void;
}

/** One version of OCPP on the station's side. */
export interface Dialect {
  readonly version: OcppVersion;
  readonly subprotocol: string;
  /** Who assigns transaction ids. */
  readonly transactionIdsFrom: 'station' | 'node';
  messagesFor(event: LocalEvent, now: EpochMillis): readonly OutgoingCall[];
  /** Reads the node's answer to a start or an Authorize: whether the token is accepted, and in OCPP 1.6 the transaction id. */
  readAuthorization(answer: CallAnswer): { accepted: boolean; transactionId?: string };
  /** The handlers of the node's calls, by action. */
  answers: Readonly<Record<string, (payload: Fields, station: StationControls) => Reply>>;
}

/** The fields of a message that its schema has already checked. */
export type Fields = Readonly<Record<string, unknown>>;
/** Whether a JSON value is an object. */
export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
/** A JSON object, or an empty one for any other value. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
/** The objects in a JSON array; empty for any other value. */
export const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
/** A JSON string, or undefined. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
/** A JSON number, or undefined. */
export const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** Writes a time as OCPP does, in UTC. */
export const printTime = (at: EpochMillis | number) => new Date(at).toISOString();
/** Reads an OCPP time, rounded down to whole seconds; undefined when the value is no text. */
export const parseTime = (value: unknown): EpochSeconds | undefined =>
  typeof value === 'string' ? epochSeconds(Math.floor(Date.parse(value) / 1000)) : undefined;

type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Removes the members that are undefined, as JSON does and exact optional types require. */
export function compact<const T extends object>(members: T): Compact<T>;
export function compact(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** A CALLRESULT with this payload. */
export const accept = (payload: object, afterwards?: () => void): Reply => ({ ok: true, payload, ...(afterwards && { afterwards }) });
/** A CALLRESULT with only a status. */
export const status = (value: string, afterwards?: () => void): Reply => accept({ status: value }, afterwards);
/** Accepted when there is something to do afterwards, else Rejected. */
export const acceptIf = (afterwards: (() => void) | undefined): Reply => (afterwards ? status('Accepted', afterwards) : status('Rejected'));
