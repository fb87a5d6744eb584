import type { Step } from '../../node/index.ts';
import { describeProfile, describeRequest } from '../describe-profile.ts';

/** One step for people: sender, receiver, what was sent, and the result. */
export interface StepLine {
  from: string;
  to: string;
  what: string;
  result?: string;
}

/** What is needed to describe a step besides the step. */
export interface StepContext {
  /** The node that reports the step. */
  self: 'CPO' | 'eMSP' | 'SCSP';
  /** The role of a peer in the demo. */
  roleOf(peer: string): string;
  /** A name for a session that is the same at all nodes. */
  nameOf(session: string): string;
  /** The OCPP version of a charge point. */
  versionOf(station: string): string;
  /** The timeout that the CPO sends with ACCEPTED, in seconds. */
  timeout: number;
}

const OPERATIONS: Readonly<Record<string, string>> = {
  set: 'SetChargingProfile',
  get: 'GetCompositeSchedule',
  clear: 'ClearChargingProfile',
};

/** Describes a step of a node. Undefined for internal steps, and for steps that the other side reports: each message gives one line. */
export function describeStep(step: Step, context: StepContext): StepLine | undefined {
  if (step.step === 'peer-registered' && invites(context.self, context.roleOf(step.peer)))
    return {
      from: context.roleOf(step.peer),
      to: context.self,
      what: `registers with OCPI ${step.edition ?? '(version unknown)'}`,
      result: step.peer,
    };
  return context.self === 'CPO' ? describeStepOfCpo(step, context) : describeStepOfSender(step, context);
}

/** Both sides report a registration; the inviting side prints it. */
const invites = (self: StepContext['self'], peer: string) => self === 'CPO' || (self === 'eMSP' && peer === 'SCSP');

function describeStepOfCpo(step: Step, { versionOf, roleOf, nameOf, timeout }: StepContext): StepLine | undefined {
  const station = (id: string) => `${id} (OCPP ${versionOf(id)})`;
  switch (step.step) {
    case 'station-connected':
      return { from: station(step.station), to: 'CPO', what: 'connects', result: 'Accepted' };
    case 'station-disconnected':
      return { from: station(step.station), to: 'CPO', what: 'disconnects' };
    case 'request-answered': {
      const refusal = `${step.result}${step.message ? ` (${step.message})` : ''}`;
      const result = step.result === 'ACCEPTED' ? `ACCEPTED, result within ${timeout} s` : refusal;
      return { from: roleOf(step.peer), to: 'CPO', what: `${describeRequest(step.ask)} ${nameOf(step.session)}`, result };
    }
    case 'station-answered':
      return {
        from: 'CPO',
        to: station(step.station),
        what: `${OPERATIONS[step.kind] ?? step.kind} for ${nameOf(step.session)}`,
        result: ocppStatus(step.answer),
      };
    case 'outcome':
      if (step.state === 'DELIVERED') return undefined;
      return { from: 'CPO', to: roleOf(step.peer), what: `result of the ${step.kind} on ${nameOf(step.session)}`, result: describeEnd(step) };
    case 'deviation':
      return {
        from: station(step.station),
        to: 'CPO',
        what: `limit of ${nameOf(step.session)}: ${describeProfile(step.said)}`,
        result: describeDeviation(step),
      };
    case 'active-profile-pushed':
      if (step.outcome === 'DELIVERED') return undefined;
      return { from: 'CPO', to: roleOf(step.peer), what: `active profile of ${nameOf(step.session)}`, result: step.outcome };
    default:
      return undefined;
  }
}

/** Steps of an eMSP or SCSP. A CPO reports the requests that it receives itself. */
function describeStepOfSender(step: Step, { self, roleOf, nameOf }: StepContext): StepLine | undefined {
  switch (step.step) {
    case 'session-received':
      return { from: roleOf(step.peer), to: self, what: `${nameOf(step.session)} at ${step.evseUid}`, result: step.status };
    case 'request-sent':
      return roleOf(step.peer) === 'CPO' ? undefined : { from: self, to: roleOf(step.peer), what: `${describeRequest(step.ask)} ${nameOf(step.session)}` };
    case 'planned':
      return { from: self, to: self, what: `plans ${nameOf(step.session)}`, result: step.why };
    case 'peer-answered': {
      const reportedByCpo = roleOf(step.peer) === 'CPO' && !step.result.startsWith('nothing');
      const expected = roleOf(step.peer) !== 'CPO' && step.result === 'ACCEPTED';
      return reportedByCpo || expected ? undefined : { from: roleOf(step.peer), to: self, what: `answer about ${nameOf(step.session)}`, result: step.result };
    }
    case 'result-received': {
      const profile = step.profile ? `: ${describeProfile(step.profile)}` : '';
      return {
        from: roleOf(step.peer),
        to: self,
        what: `result of the ${step.kind} on ${nameOf(step.session)}${profile}`,
        result: `${step.result}, delivered${step.late ? ' late' : ''}`,
      };
    }
    case 'active-profile-received':
      return { from: roleOf(step.peer), to: self, what: `active profile of ${nameOf(step.session)}: ${describeProfile(step.profile)}`, result: 'delivered' };
    case 'outcome':
      return describeFailedEnd(step, { self, peer: roleOf(step.peer), name: nameOf(step.session) });
    default:
      return undefined;
  }
}

/** An own request whose outcome is unknown, or a request of the SCSP whose result could not be delivered. Other ends have a line already. */
function describeFailedEnd(step: Extract<Step, { step: 'outcome' }>, { self, peer, name }: { self: string; peer: string; name: string }): StepLine | undefined {
  const isRelayed = peer === 'SCSP';
  if (isRelayed ? step.state === 'DELIVERED' || step.state === 'REFUSED' : step.state !== 'UNCERTAIN') return undefined;
  return { from: self, to: isRelayed ? peer : self, what: `the ${step.kind} on ${name}`, result: describeEnd(step) };
}

const describeDeviation = ({ how, computed }: Extract<Step, { step: 'deviation' }>) =>
  how === 'none' ? 'follows the accepted profile again' : `${how} the accepted profile${computed ? `, which is ${describeProfile(computed)}` : ''}`;

const describeEnd = ({ state, reason }: { state: string; reason: string | undefined }) => `${state}${reason ? ` (${reason})` : ''}`;
/** `ACCEPTED` in OCPI is `Accepted` in OCPP. */
const ocppStatus = (word: string) => word.replace(/^[A-Z_]+/, (upper) => (upper.charAt(0) + upper.slice(1).toLowerCase()).replace('_', ' '));

/** One line with time, route, text and result in columns; `label` comes before the route. */
export function formatLine(at: number, { from, to, what, result }: StepLine, label = ''): string {
  const route = `${from} → ${to}`.padEnd(27);
  return `${new Date(at).toTimeString().slice(0, 8)}  ${label}${route} ${result === undefined ? what : `${what.padEnd(58)} ${result}`}`;
}
