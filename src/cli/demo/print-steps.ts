import type { Clock, Node } from '../../node/index.ts';
import { describeStep, formatLine, type StepContext, type StepLine } from './describe-step.ts';
import { type Topology, topologies } from './topologies.ts';

/** What lines are told from. */
export interface PrinterOptions {
  clock: Clock;
  /** Which topology is at work at a charge point or an EVSE, by the beginning of its name. */
  topologyAt(name: string): Topology | undefined;
  versionOf(station: string): string;
  timeout: number;
  /** Lines say which topology they belong to. */
  labelled: boolean;
  print(line: string): void;
}

/** Who tells what the nodes and the cars of the demo do. */
export interface StepPrinter {
  follow(self: StepContext['self'], node: Node): void;
  /** What happened at a charge point. */
  print(told: StepLine, at: string): void;
}

const ROLES: Readonly<Record<string, string>> = { 'NL*MSP': 'eMSP', 'NL*SCS': 'SCSP', 'NL*EVK': 'CPO' };
const WIDTH = Math.max(...topologies.map((it) => it.length)) + 2;

/** Tells each step in one line; sessions have the beginning of their CPO's name for them, which is enough in one street, also where a relay hides it. */
export function createStepPrinter({ clock, topologyAt, versionOf, timeout, labelled, print }: PrinterOptions): StepPrinter {
  const labels = new Map<string, Topology | undefined>();
  const aliases = new Map<string, string>();
  const lastAt = new Map<string, string>();
  const idOf = (session: string) => (session.split('*').at(-1) ?? session).toLowerCase();

  const tell = (told: StepLine, topology: Topology | undefined) => print(formatLine(clock.now(), told, labelled ? (topology ?? '').padEnd(WIDTH) : ''));
  const nameOf = (session: string) => `session ${(aliases.get(idOf(session)) ?? idOf(session)).slice(0, 8)}`;

  function note(session: string, { evseUid, peer }: { evseUid: string; peer: string }): void {
    const id = idOf(session);
    labels.set(id, topologyAt(evseUid));
    if (ROLES[peer] === 'CPO') lastAt.set(evseUid, id);
    else if (!aliases.has(id)) aliases.set(id, lastAt.get(evseUid) ?? id);
  }

  return {
    print: (told, at) => tell(told, topologyAt(at)),
    follow: (self, node) => {
      const around = { self, versionOf, timeout, nameOf, roleOf: (peer: string) => ROLES[peer] ?? peer };
      const statuses = new Map<string, string>();
      node.journal.onStep((step) => {
        if (step.step === 'session-came') {
          // Meter values come as changes of a session, too; only those of its status are worth a line.
          if (statuses.get(step.session) === step.status) return;
          statuses.set(step.session, step.status);
          note(step.session, step);
        }
        const told = describeStep(step, around);
        const topology = 'session' in step ? labels.get(idOf(step.session)) : 'station' in step ? topologyAt(step.station) : undefined;
        if (told) tell(told, topology);
      });
    },
  };
}
