import type { Clock } from '../../src/domain/clock.ts';
import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';
import { type EpochMillis, type EpochSeconds, epochSeconds } from '../../src/domain/units.ts';
import type { OcppVersion } from '../../src/ocpp/station.ts';
import type { CompositeStep } from './composite.ts';
import type { Heard, Saying } from './ocpp-client.ts';
import type { Criteria, InstalledProfile, Refusal } from './profiles.ts';
import type { Badge, Outlet, Transaction } from './simulated-evse.ts';
import type { Traits } from './traits.ts';

/** What may befall a station; its dialect turns each into the messages of its version. */
export type Happening =
  | { kind: 'booted'; because: 'PowerUp' | 'RemoteReset' | 'Triggered' }
  | { kind: 'heartbeat' }
  | { kind: 'status'; outlet: Outlet }
  | { kind: 'presented'; badge: Badge }
  | { kind: 'started'; outlet: Outlet; transaction: Transaction }
  | { kind: 'state-changed'; outlet: Outlet; transaction: Transaction }
  | { kind: 'sampled'; outlet: Outlet; transaction: Transaction; because: 'clock' | 'trigger' }
  | { kind: 'rate-changed'; outlet: Outlet; transaction: Transaction }
  | { kind: 'ended'; outlet: Outlet; transaction: Transaction; because: EndReason }
  | { kind: 'limited'; profile: InstalledProfile; withSchedule: boolean }
  | { kind: 'unlimited'; profile: InstalledProfile };

export type EndReason = 'EVDisconnected' | 'SOCLimitReached' | 'Remote' | 'Reboot' | 'Local' | 'DeAuthorized';

/** What a station says back to a call; `afterwards` runs once the answer has left. */
export type Reply = { ok: true; payload: object; afterwards?: () => void } | { ok: false; code: string; description?: string };

/** What a dialect may ask of the station it speaks for. */
export interface Works {
  readonly clock: Clock;
  readonly version: OcppVersion;
  readonly traits: Traits;
  readonly outlets: readonly Outlet[];
  installed(): readonly InstalledProfile[];
  /** Takes the profile or says why not. */
  install(profile: InstalledProfile): Refusal | undefined;
  /** How many profiles went. */
  clear(asked: Criteria): number;
  /** The composite from now on; evse 0 is the whole station, `undefined` an EVSE that is not there. */
  composite(evseId: number, duration: number, unit: RateUnit): readonly CompositeStep[] | undefined;
  /** Looks again at what every car may draw. */
  reconsider(): void;
  tell(happening: Happening): void;
  say(saying: Saying): void;
  /** What will start a transaction for a car that is plugged in, once the answer has left; `undefined`: there is none to start. */
  starter(wish: { evseId?: number | undefined; badge: Badge; remoteStartId?: number; profile?: InstalledProfile | undefined }): (() => void) | undefined;
  /** What will stop that transaction, once the answer has left. */
  stopper(transactionId: string): (() => void) | undefined;
  reboot(): void;
}

/** One version of OCPP as a station speaks it. */
export interface Dialect {
  readonly version: OcppVersion;
  readonly subprotocol: string;
  /** Whether the station or the node names a transaction. */
  readonly namesTransactions: 'station' | 'node';
  tell(happening: Happening, now: EpochMillis): readonly Saying[];
  /** What an answer to a start or a presented badge lets happen. */
  verdict(heard: Heard): { accepted: boolean; transactionId?: string };
  answers: Readonly<Record<string, (payload: Fields, works: Works) => Reply>>;
}

/** The fields of a message whose shape its schema has already vouched for. */
export type Fields = Readonly<Record<string, unknown>>;
export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
export const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
export const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** A moment as OCPP writes it. */
export const stamp = (at: EpochMillis | number) => new Date(at).toISOString();
/** The whole second of a moment that OCPP wrote. */
export const momentOf = (value: unknown): EpochSeconds | undefined =>
  typeof value === 'string' ? epochSeconds(Math.floor(Date.parse(value) / 1000)) : undefined;

type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** An object without the members that are undefined, which JSON leaves out and exact types forbid. */
export function compact<const T extends object>(members: T): Compact<T>;
export function compact(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

export const accept = (payload: object, afterwards?: () => void): Reply => ({ ok: true, payload, ...(afterwards && { afterwards }) });
/** Accepted when there is something to do, which is done once the answer has left. */
export const acceptIf = (afterwards: (() => void) | undefined): Reply => (afterwards ? status('Accepted', afterwards) : status('Rejected'));
export const status = (word: string, afterwards?: () => void): Reply => accept({ status: word }, afterwards);
