import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';

/** How a station answers one call. It carries the call out, unless the variant says otherwise. */
export type AnswerBehaviour =
  /** Answers by the standard. */
  | { is: 'plain' }
  /** Answers after this time. */
  | { is: 'late'; milliseconds: number }
  /** Sends no answer. */
  | { is: 'never' }
  /** Sends the answer twice. */
  | { is: 'twice' }
  /** Sends an invalid CALLRESULT; default `{ status: 42, odd: true }`. */
  | { is: 'malformed'; payload?: unknown }
  /** Sends this text instead of a frame. */
  | { is: 'raw'; text: string }
  /** Sends a CALLERROR and does nothing. */
  | { is: 'call-error'; code: string; description?: string }
  /** Sends this payload, such as `{ status: 'Rejected' }`, and does nothing. */
  | { is: 'answer'; payload: object }
  /** Drops the socket instead of an answer; `done`: whether the call is carried out. */
  | { is: 'drop'; done: boolean }
  /** Drops the socket, and sends the answer on the next connection when that is accepted. */
  | { is: 'answer-on-new-socket' };

/** A fault in a reported composite schedule, as seen at real stations; report-composite.ts, v16.ts and v201.ts produce it. */
export type CompositeQuirk =
  | 'minus-one-for-no-limit'
  | 'huge-for-no-limit'
  | 'empty-periods'
  | 'missing-schedule'
  | 'float32-noise'
  | 'other-unit'
  | 'start-schedule-inside'
  | 'no-schedule-start'
  | 'offset-timestamps'
  | 'sub-second-timestamps'
  | 'huge-duration'
  | 'rejected-when-no-profile'
  | 'period-without-limit'
  | 'limits-per-phase'
  | 'edges-a-second-late'
  | 'whole-amperes'
  /** The schedule begins with the first profile, and not with the request. */
  | 'begins-with-profile';

/** How a simulated station behaves, where stations differ. */
export interface Traits {
  /** The units that it takes in a profile. */
  units: readonly RateUnit[];
  /** How it answers smart charging calls when it has no smart charging; absent: it has smart charging. */
  lacksSmartCharging?: 'NotSupported' | 'NotImplemented' | 'status NotSupported';
  /**
   * How it answers calls, by action: one behaviour for all calls, or a list with one for each call and `plain` after that. `*` stands for
   * every action that has no entry.
   */
  answers: Readonly<Record<string, AnswerBehaviour | readonly AnswerBehaviour[]>>;
  /** Faults in its composite schedules. */
  composite: readonly CompositeQuirk[];
  maxStackLevel: number;
  maxPeriods: number;
  maxProfiles: number;
  /** The configuration keys or variables that it does not know; `'all'`: it knows none. */
  unknownKeys: readonly string[] | 'all';
  /** OCPP 1.6: refuses a TxProfile without a transaction id, as ABB stations do. */
  needsTransactionId: boolean;
  /** Clears profiles at stack level 0. */
  clearsLevelZero: boolean;
  /** Whether TxProfiles survive a reboot during a transaction; OCPP 2.1 no longer requires it. */
  profilesOverReboot: 'kept' | 'lost';
  /** Sends a BootNotification after each lost connection, as many stations do; the standard requires it only after a restart. */
  bootsAgain: boolean;
  /** Whether a full car ends its transaction or merely stops drawing. */
  whenFull: 'stop' | 'suspend';
  /** OCPP 2.1: the highest profile id that the station reserves for itself (K01.FR.80). */
  maxExternalConstraintsId: number;
  /** OCPP 2.x: NotifyChargingLimit carries the schedule. */
  limitWithSchedules: boolean;
  /** A that a car draws on each phase above the limit of its charge point, which reports the limit as kept; default 0. */
  drawsAbove: number;
  /** Seconds before it repeats a transaction message that the node answered with a CALLERROR, three tries in all; 0: it gives up at once. */
  repeatsRefusedAfter: number;
  /** Seconds by which its clock is behind. */
  clockBehind: number;
  /** OCPP 1.6: connects and writes its messages with all odd fields that were seen in the field; see odd-fields.ts. */
  oddFields: boolean;
}

/** The traits of a station that follows the standard. */
export const STANDARD_TRAITS: Traits = {
  units: ['A', 'W'],
  answers: {},
  composite: [],
  maxStackLevel: 10,
  maxPeriods: 24,
  maxProfiles: 20,
  unknownKeys: [],
  needsTransactionId: false,
  clearsLevelZero: true,
  profilesOverReboot: 'kept',
  bootsAgain: false,
  whenFull: 'stop',
  maxExternalConstraintsId: 100,
  limitWithSchedules: false,
  drawsAbove: 0,
  repeatsRefusedAfter: 0,
  clockBehind: 0,
  oddFields: false,
};

/** Returns the behaviour for each call of an action in turn. */
export function behavioursInTurn(answers: Traits['answers']): (action: string) => AnswerBehaviour {
  const counts = new Map<string, number>();
  return (action) => {
    const count = counts.get(action) ?? 0;
    counts.set(action, count + 1);
    const given = answers[action] ?? answers['*'];
    if (given === undefined) return { is: 'plain' };
    return 'is' in given ? given : (given[count] ?? { is: 'plain' });
  };
}
