import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';

/** How a station answers one call when it does not answer plainly. What it says it does, it has done, unless told otherwise here. */
export type AnswerBehaviour =
  | { is: 'plain' }
  | { is: 'late'; milliseconds: number }
  /** It does what it was asked, and says nothing. */
  | { is: 'never' }
  | { is: 'twice' }
  /** A CALLRESULT that the standard does not allow; absent: an object with one strange field. */
  | { is: 'malformed'; payload?: unknown }
  /** Bytes as they are, in place of a frame. */
  | { is: 'raw'; text: string }
  | { is: 'call-error'; code: string; description?: string }
  /** A lawful answer of the test's own, such as `{ status: 'Rejected' }`; nothing is done. */
  | { is: 'answer'; payload: object }
  /** Cuts the socket as soon as the call has come in; `done` says whether the work is done all the same. */
  | { is: 'drop'; done: boolean }
  /** Does the work, cuts the socket, and sends the answer on the next one once it has booted. */
  | { is: 'answer-on-new-socket' };

/** What real stations do to a composite schedule. */
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
  | 'whole-amperes';

/** What makes a station hostile or odd, as data. */
export interface Traits {
  /** Units that it takes in a profile. */
  units: readonly RateUnit[];
  /** How it says that it has no smart charging; absent: it has. */
  lacksSmartCharging?: 'NotSupported' | 'NotImplemented' | 'status NotSupported';
  /** By action: one manner for all calls, or a list with one for each call, plain after it. */
  answers: Readonly<Record<string, AnswerBehaviour | readonly AnswerBehaviour[]>>;
  composite: readonly CompositeQuirk[];
  maxStackLevel: number;
  maxPeriods: number;
  maxProfiles: number;
  /** Configuration keys or variables that it does not know; `'all'` for none at all. */
  unknownKeys: readonly string[] | 'all';
  /** OCPP 1.6: refuses a TxProfile that names no transaction, as ABB's do. */
  needsTransactionId: boolean;
  /** Some never clear what lies at stack level 0. */
  clearsLevelZero: boolean;
  /** What becomes of TxProfiles when it boots again during a transaction; OCPP 2.1 no longer promises to keep them. */
  profilesOverReboot: 'kept' | 'lost';
  /** Boots anew after each lost connection, as many do although the standard asks for it only after a restart. */
  bootsAgain: boolean;
  /** Whether a full car ends its transaction or merely stops drawing. */
  whenFull: 'stop' | 'suspend';
  /** OCPP 2.1: the highest profile id that the station keeps for itself (K01.FR.80). */
  maxExternalConstraintsId: number;
  /** OCPP 2.x: sends the schedule along with NotifyChargingLimit. */
  limitWithSchedules: boolean;
  /** Seconds by which its clock is behind. */
  clockBehind: number;
}

/** A station that follows the standard. */
export const PLAIN: Traits = {
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
  clockBehind: 0,
};

/** Hands out the manner for each call of an action in turn. */
export function manners(answers: Traits['answers']): (action: string) => AnswerBehaviour {
  const counts = new Map<string, number>();
  return (action) => {
    const count = counts.get(action) ?? 0;
    counts.set(action, count + 1);
    const given = answers[action];
    if (given === undefined) return { is: 'plain' };
    return 'is' in given ? given : (given[count] ?? { is: 'plain' });
  };
}
