import type { Step } from '../node/index.ts';
import { describeAsk, describeProfile } from './describe-profile.ts';

/** One step as a reader sees it: who does what to whom, and with which outcome. */
export interface Told {
  from: string;
  to: string;
  what: string;
  word?: string;
}

/** What a teller must know beside the step. */
export interface Surroundings {
  /** Which of the two nodes noted it. */
  self: 'CPO' | 'eMSP';
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
export function tellStep(step: Step, around: Surroundings): Told | undefined {
  return around.self === 'CPO' ? tellOfCpo(step, around) : tellOfEmsp(step);
}

function tellOfCpo(step: Step, { versionOf, timeout }: Surroundings): Told | undefined {
  const asker = 'peer' in step && step.peer === 'operator' ? 'operator' : 'eMSP';
  const named = (station: string) => `${station} (OCPP ${versionOf(station)})`;
  switch (step.step) {
    case 'station-connected':
      return { from: named(step.station), to: 'CPO', what: 'connects', word: 'Accepted' };
    case 'station-gone':
      return { from: named(step.station), to: 'CPO', what: 'is gone' };
    case 'peer-registered':
      return { from: 'eMSP', to: 'CPO', what: `registers, OCPI ${step.edition ?? 'of no known edition'}`, word: step.peer };
    case 'answered': {
      const accepted = step.result === 'ACCEPTED' ? `ACCEPTED (${timeout} s)` : `${step.result}${step.message ? ` (${step.message})` : ''}`;
      return { from: asker, to: 'CPO', what: `${describeAsk(step.ask)} ${shortName(step.session)}`, word: accepted };
    }
    case 'station-said':
      return { from: 'CPO', to: named(step.station), what: `${OPERATIONS[step.kind] ?? step.kind} for ${shortName(step.session)}`, word: ocppWord(step.word) };
    case 'outcome':
      return step.state === 'DELIVERED'
        ? undefined
        : { from: 'CPO', to: asker, what: `result of the ${step.kind} on ${shortName(step.session)}`, word: ended(step) };
    case 'deviation':
      return { from: named(step.station), to: 'CPO', what: `limit of ${shortName(step.session)}: ${describeProfile(step.said)}`, word: deviationWord(step) };
    case 'active-profile-pushed':
      return step.outcome === 'DELIVERED' ? undefined : { from: 'CPO', to: 'eMSP', what: `active profile of ${shortName(step.session)}`, word: step.outcome };
    default:
      return undefined;
  }
}

function tellOfEmsp(step: Step): Told | undefined {
  switch (step.step) {
    case 'session-came':
      return { from: 'CPO', to: 'eMSP', what: `${shortName(step.session)} at ${step.evseUid}`, word: step.status };
    case 'peer-answered':
      return step.result.startsWith('nothing') ? { from: 'CPO', to: 'eMSP', what: `answer about ${shortName(step.session)}`, word: step.result } : undefined;
    case 'result-came': {
      const found = step.profile ? `: ${describeProfile(step.profile)}` : '';
      return {
        from: 'CPO',
        to: 'eMSP',
        what: `result of the ${step.kind} on ${shortName(step.session)}${found}`,
        word: `${step.result} delivered${step.late ? ', late' : ''}`,
      };
    }
    case 'active-profile-came':
      return { from: 'CPO', to: 'eMSP', what: `active profile of ${shortName(step.session)}: ${describeProfile(step.profile)}`, word: 'delivered' };
    case 'outcome':
      return step.state === 'UNCERTAIN' ? { from: 'eMSP', to: 'eMSP', what: `the ${step.kind} on ${shortName(step.session)}`, word: ended(step) } : undefined;
    default:
      return undefined;
  }
}

const deviationWord = ({ how, computed }: Extract<Step, { step: 'deviation' }>) =>
  how === 'none' ? 'as it was told again' : `${how} what it accepted${computed ? `: ${describeProfile(computed)}` : ''}`;

const ended = ({ state, reason }: { state: string; reason: string | undefined }) => `${state}${reason ? ` (${reason})` : ''}`;
/** `ACCEPTED` here is `Accepted` in OCPP. */
const ocppWord = (word: string) => word.replace(/^[A-Z_]+/, (upper) => (upper.charAt(0) + upper.slice(1).toLowerCase()).replace('_', ' '));

/** A session by the beginning of its id, which is enough in one street. */
const shortName = (session: string): string => `session ${(session.split('*').at(-1) ?? session).slice(0, 8).toLowerCase()}`;

/** One line with its time, in columns. */
export function line(at: number, { from, to, what, word }: Told): string {
  const route = `${from} → ${to}`.padEnd(27);
  return `${new Date(at).toTimeString().slice(0, 8)}  ${route} ${word === undefined ? what : `${what.padEnd(58)} ${word}`}`;
}
