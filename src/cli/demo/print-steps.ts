import type { Clock, Node } from '../../node/index.ts';
import { describeStep, formatLine, type StepContext, type StepLine } from './describe-step.ts';
import { type Topology, topologies } from './topologies.ts';

export interface PrinterOptions {
  clock: Clock;
  /** The topology of a charge point or EVSE, by its id; the id of an EVSE begins with that of its charge point. */
  topologyAt(id: string): Topology | undefined;
  /** The OCPP version of a charge point. */
  versionOf(station: string): string;
  /** The timeout that the CPO sends with ACCEPTED, in seconds. */
  timeout: number;
  /** True: each line begins with its topology. */
  labelled: boolean;
  print(line: string): void;
}

/** Prints the steps of nodes and cars, one line each. */
export interface StepPrinter {
  /** Prints the steps of a node from now on. */
  follow(self: StepContext['self'], node: Node): void;
  /** Prints an event at a charge point. */
  print(line: StepLine, station: string): void;
}

const ROLES: Readonly<Record<string, string>> = { 'NL*MSP': 'eMSP', 'NL*SCS': 'SCSP', 'NL*EVK': 'CPO' };
const LABEL_WIDTH = Math.max(...topologies.map((it) => it.length)) + 2;

/** The beginning of an id that holds its time in ms, so that sessions of one minute differ (F-78). */
const NAME_LENGTH = 13;

/** A session has the beginning of the CPO's session id as its name in all lines, although a relay gives it another id (CP-64). */
export function createStepPrinter({ clock, topologyAt, versionOf, timeout, labelled, print }: PrinterOptions): StepPrinter {
  const topologyOf = new Map<string, Topology | undefined>();
  const cpoIds = new Map<string, string>();
  const lastCpoIdAt = new Map<string, string>();
  const idOf = (session: string) => (session.split('*').at(-1) ?? session).toLowerCase();

  const printLine = (line: StepLine, topology: Topology | undefined) =>
    print(formatLine(clock.now(), line, labelled ? (topology ?? '').padEnd(LABEL_WIDTH) : ''));
  const nameOf = (session: string) => `session ${(cpoIds.get(idOf(session)) ?? idOf(session)).slice(0, NAME_LENGTH)}`;

  function remember(session: string, { evseUid, peer }: { evseUid: string; peer: string }): void {
    const id = idOf(session);
    topologyOf.set(id, topologyAt(evseUid));
    if (ROLES[peer] === 'CPO') lastCpoIdAt.set(evseUid, id);
    else if (!cpoIds.has(id)) cpoIds.set(id, lastCpoIdAt.get(evseUid) ?? id);
  }

  return {
    print: (line, station) => printLine(line, topologyAt(station)),
    follow: (self, node) => {
      const context = { self, versionOf, timeout, nameOf, roleOf: (peer: string) => ROLES[peer] ?? peer };
      const statuses = new Map<string, string>();
      node.journal.onStep((step) => {
        if (step.step === 'session-received') {
          // A session is also pushed for each meter value; only a new status is printed.
          if (statuses.get(step.session) === step.status) return;
          statuses.set(step.session, step.status);
          remember(step.session, step);
        }
        const line = describeStep(step, context);
        const topology = 'session' in step ? topologyOf.get(idOf(step.session)) : 'station' in step ? topologyAt(step.station) : undefined;
        if (line) printLine(line, topology);
      });
    },
  };
}
