import type { EpochMillis } from '../units.ts';

/** How urgent an alarm is, least first. info: look at it today; warning: something does not work; critical: act now. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
/** One entry of `SEVERITIES`. */
export type Severity = (typeof SEVERITIES)[number];

/** What an alarm is about. docs/operate.md describes each. */
export const ALARM_KINDS = [
  'node-not-ready',
  'site-above-limit',
  'session-above-limit',
  'session-deviates',
  'limit-unknown',
  'station-away',
  'station-refuses-limits',
  'csms-away',
  'kept-messages-full',
  'meter-silent',
  'results-undelivered',
  'peer-failing',
  'security',
  'token-held',
  'role-held',
  'right-expires',
  'background-error',
] as const;
/** One entry of `ALARM_KINDS`. */
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** The objects that an alarm is about, by their ids. */
export interface AlarmSubjects {
  session?: string;
  station?: string;
  site?: string;
  peer?: string;
  party?: string;
  contract?: string;
}

/** What a person can do about an alarm. `see-…` opens a page; the others are requests of the operator API, or commands. */
export const MEND_ACTIONS = [
  'read-again',
  'clear-profile',
  'ask-station',
  'halt-party',
  'approve-token',
  'approve-party',
  'see-session',
  'see-station',
  'see-site',
  'see-peer',
  'see-exchanges',
  'see-agreements',
  'see-audit',
  'run-command',
] as const;

/** One way to mend an alarm. */
export interface Mend {
  action: (typeof MEND_ACTIONS)[number];
  /** A request of the operator API: its path below `/api/v1`, percent-encoded. */
  request?: { method: 'GET' | 'POST' | 'DELETE'; path: string };
  /** The same as a command for a terminal. */
  command?: string;
}

/** An alarm that the facts of this moment give. */
export interface FoundAlarm {
  /** Kind and subject: the same fault has the same key each time. */
  key: string;
  kind: AlarmKind;
  severity: Severity;
  subjects: AlarmSubjects;
  /** Numbers and words of the fault, by name; numbers have their unit in the name, or in `unit`. */
  values: Readonly<Record<string, string | number>>;
  /** One sentence for people. */
  says: string;
  /** How bad it is: twice as much is worse. */
  weight: number;
  /** How often it was seen. */
  count: number;
  /** When the events behind it were seen first and last; undefined: it lasts, and is seen at each look. */
  seen?: { first: EpochMillis; last: EpochMillis };
  /** It must last this long, in ms, before it is raised. */
  afterMs: number;
  /** The key of the alarm that explains this one. */
  causedBy?: string;
  /** What a person can do, the best first. */
  mend: readonly Mend[];
}

/** Who acknowledged an alarm, when, and how bad it was then. */
export interface Acknowledgement {
  at: EpochMillis;
  by: { kind: string; id?: string };
  severity: Severity;
  weight: number;
}

/** An alarm with its history. */
export interface Alarm extends FoundAlarm {
  firstSeen: EpochMillis;
  lastSeen: EpochMillis;
  /** False: it has not lasted long enough yet, and is shown to nobody. */
  raised: boolean;
  /** What listeners were told of it last. */
  told: Pick<FoundAlarm, 'severity' | 'weight'>;
  acknowledged?: Acknowledgement;
}

const rankOf = (severity: Severity): number => SEVERITIES.indexOf(severity);
/** Whether an alarm is at least this urgent. */
export const isAtLeast = ({ severity }: Pick<FoundAlarm, 'severity'>, least: Severity): boolean => rankOf(severity) >= rankOf(least);

/** Whether an alarm is worse than it was: more urgent, or twice as much. */
export const isWorse = (now: Pick<FoundAlarm, 'severity' | 'weight'>, before: Pick<FoundAlarm, 'severity' | 'weight'>): boolean =>
  rankOf(now.severity) > rankOf(before.severity) || (now.weight > before.weight && now.weight >= 2 * before.weight);

/** The order of a list of alarms: the most urgent first, then by kind, then the oldest. */
export const compareAlarms = (one: Alarm, other: Alarm): number =>
  rankOf(other.severity) - rankOf(one.severity) || ALARM_KINDS.indexOf(one.kind) - ALARM_KINDS.indexOf(other.kind) || one.firstSeen - other.firstSeen;
