import type { Step } from '../../node/index.ts';
import { describeAsk, describeProfile } from '../describe-profile.ts';

/** One step as a reader sees it: who does what to whom, and with which outcome. */
export interface StepLine {
  from: string;
  to: string;
  what: string;
  result?: string;
}

/** What a teller must know beside the step. */
export interface StepContext {
  /** Which of the nodes noted it. */
  self: 'CPO' | 'eMSP' | 'SCSP';
  /** What a node is here that is a peer to this one. */
  roleOf(peer: string): string;
  /** A name for a session that is the same at all nodes. */
  nameOf(session: string): string;
  /** The version of OCPP that a charge point speaks. */
  versionOf(station: string): string;
  /** Seconds that the CPO tells others to wait for a result. */
  timeout: number;
}

const OPERATIONS: Readonly<Record<string, string>> = {
  set: 'SetChargingProfile',
  get: 'GetCompositeSchedule',
  clear: 'ClearChargingProfile',
};

/** Puts one step of a node into words; nothing for those that another node tells better, or that need no telling. */
export function describeStep(step: Step, around: StepContext): StepLine | undefined {
  if (step.step === 'peer-registered' && invites(around.self, around.roleOf(step.peer)))
    return { from: around.roleOf(step.peer), to: around.self, what: `registers, OCPI ${step.edition ?? 'of no known edition'}`, result: step.peer };
  return around.self === 'CPO' ? tellOfCpo(step, around) : tellOfSender(step, around);
}

/** Both sides note a registration; it is told once. */
const invites = (self: StepContext['self'], peer: string) => self === 'CPO' || (self === 'eMSP' && peer === 'SCSP');

function tellOfCpo(step: Step, { versionOf, roleOf, nameOf, timeout }: StepContext): StepLine | undefined {
  const named = (station: string) => `${station} (OCPP ${versionOf(station)})`;
  switch (step.step) {
    case 'station-connected':
      return { from: named(step.station), to: 'CPO', what: 'connects', result: 'Accepted' };
    case 'station-gone':
      return { from: named(step.station), to: 'CPO', what: 'is gone' };
    case 'answered': {
      const accepted = step.result === 'ACCEPTED' ? `ACCEPTED (${timeout} s)` : `${step.result}${step.message ? ` (${step.message})` : ''}`;
      return { from: roleOf(step.peer), to: 'CPO', what: `${describeAsk(step.ask)} ${nameOf(step.session)}`, result: accepted };
    }
    case 'station-said':
      return { from: 'CPO', to: named(step.station), what: `${OPERATIONS[step.kind] ?? step.kind} for ${nameOf(step.session)}`, result: ocppWord(step.word) };
    case 'outcome':
      return step.state === 'DELIVERED'
        ? undefined
        : { from: 'CPO', to: roleOf(step.peer), what: `result of the ${step.kind} on ${nameOf(step.session)}`, result: ended(step) };
    case 'deviation':
      return { from: named(step.station), to: 'CPO', what: `limit of ${nameOf(step.session)}: ${describeProfile(step.said)}`, result: deviationWord(step) };
    case 'active-profile-pushed':
      return step.outcome === 'DELIVERED'
        ? undefined
        : { from: 'CPO', to: roleOf(step.peer), what: `active profile of ${nameOf(step.session)}`, result: step.outcome };
    default:
      return undefined;
  }
}

/** An eMSP or an SCSP; what a CPO is asked is told by the CPO. */
function tellOfSender(step: Step, { self, roleOf, nameOf }: StepContext): StepLine | undefined {
  switch (step.step) {
    case 'session-came':
      return { from: roleOf(step.peer), to: self, what: `${nameOf(step.session)} at ${step.evseUid}`, result: step.status };
    case 'asked':
      return roleOf(step.peer) === 'CPO' ? undefined : { from: self, to: roleOf(step.peer), what: `${describeAsk(step.ask)} ${nameOf(step.session)}` };
    case 'planned':
      return { from: self, to: self, what: `plans ${nameOf(step.session)}`, result: step.why };
    case 'peer-answered': {
      const isToldThere = roleOf(step.peer) === 'CPO' ? !step.result.startsWith('nothing') : step.result === 'ACCEPTED';
      return isToldThere ? undefined : { from: roleOf(step.peer), to: self, what: `answer about ${nameOf(step.session)}`, result: step.result };
    }
    case 'result-came': {
      const found = step.profile ? `: ${describeProfile(step.profile)}` : '';
      return {
        from: roleOf(step.peer),
        to: self,
        what: `result of the ${step.kind} on ${nameOf(step.session)}${found}`,
        result: `${step.result} delivered${step.late ? ', late' : ''}`,
      };
    }
    case 'active-profile-came':
      return { from: roleOf(step.peer), to: self, what: `active profile of ${nameOf(step.session)}: ${describeProfile(step.profile)}`, result: 'delivered' };
    case 'outcome':
      return tellUnhappyEnd(step, { self, to: roleOf(step.peer), name: nameOf(step.session) });
    default:
      return undefined;
  }
}

/** A question of ours that nobody knows the end of, or a relayed one whose result did not reach whoever asked. */
function tellUnhappyEnd(step: Extract<Step, { step: 'outcome' }>, { self, to, name }: { self: string; to: string; name: string }): StepLine | undefined {
  const isRelayed = to === 'SCSP';
  if (isRelayed ? step.state === 'DELIVERED' || step.state === 'REFUSED' : step.state !== 'UNCERTAIN') return undefined;
  return { from: self, to: isRelayed ? to : self, what: `the ${step.kind} on ${name}`, result: ended(step) };
}
const deviationWord = ({ how, computed }: Extract<Step, { step: 'deviation' }>) =>
  how === 'none' ? 'as it was told again' : `${how} what it accepted${computed ? `: ${describeProfile(computed)}` : ''}`;

const ended = ({ state, reason }: { state: string; reason: string | undefined }) => `${state}${reason ? ` (${reason})` : ''}`;
/** `ACCEPTED` here is `Accepted` in OCPP. */
const ocppWord = (word: string) => word.replace(/^[A-Z_]+/, (upper) => (upper.charAt(0) + upper.slice(1).toLowerCase()).replace('_', ' '));

/** One line with its time, in columns; `label` says which part of the scene it belongs to. */
export function formatLine(at: number, { from, to, what, result }: StepLine, label = ''): string {
  const route = `${from} → ${to}`.padEnd(27);
  return `${new Date(at).toTimeString().slice(0, 8)}  ${label}${route} ${result === undefined ? what : `${what.padEnd(58)} ${result}`}`;
}
