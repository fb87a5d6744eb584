import { type Csms, openCsms, type StreetStation } from '../../../sim/index.ts';
import type { Clock } from '../../node/index.ts';
import type { StepLine } from './describe-step.ts';

/** What the CSMS of a demo needs. */
export interface StandInOptions {
  clock: Clock;
  stations: readonly Pick<StreetStation, 'id' | 'version' | 'password'>[];
  /** Prints a call that passed, at a station. */
  print(line: StepLine, station: string): void;
}

/** s between two calls of the CSMS. */
const CALL_EVERY = 15;
/** Calls that come all the time are not printed. */
const FREQUENT: readonly string[] = ['MeterValues', 'Heartbeat'];
const PASSES = 'passes through the node';

/** A simulated CSMS behind the CPO of a demo. It answers its stations, and asks one of them for its status now and then. */
export async function openStandIn({ clock, stations, print }: StandInOptions): Promise<Csms> {
  const versionOf = new Map(stations.map(({ id, version }) => [id, version]));
  const nameOf = (station: string) => `${station} (OCPP ${versionOf.get(station)})`;
  const csms = await openCsms({
    clock,
    lean: true,
    passwordOf: (id) => stations.find((it) => it.id === id)?.password,
    onFrame: ({ station, from, text }) => {
      const call = callIn(text);
      if (!call || FREQUENT.includes(call.action) || call.isUpdate) return;
      const route = from === 'station' ? { from: nameOf(station), to: 'CSMS' } : { from: 'CSMS', to: nameOf(station) };
      print({ ...route, what: call.action, result: PASSES }, station);
    },
  });
  let turn = 0;
  let stop: () => void = () => undefined;
  const callNext = () => {
    const [station] = csms.stations.slice(turn % Math.max(1, csms.stations.length));
    turn += 1;
    // A station that leaves meanwhile answers nothing.
    if (station !== undefined) void csms.call(station, 'TriggerMessage', statusOf(versionOf.get(station))).catch(() => undefined);
    stop = clock.after(CALL_EVERY * 1_000, callNext);
  };
  stop = clock.after(CALL_EVERY * 1_000, callNext);
  const dispose = csms[Symbol.asyncDispose].bind(csms);
  csms[Symbol.asyncDispose] = async () => {
    stop();
    await dispose();
  };
  return csms;
}

const statusOf = (version: string | undefined) =>
  version === '1.6' ? { requestedMessage: 'StatusNotification', connectorId: 1 } : { requestedMessage: 'StatusNotification', evse: { id: 1, connectorId: 1 } };

/** The action of a call; undefined for an answer. `isUpdate`: an update of a transaction, which comes all the time. */
function callIn(text: string): { action: string; isUpdate: boolean } | undefined {
  const frame: unknown = JSON.parse(text);
  if (!Array.isArray(frame) || frame[0] !== 2) return undefined;
  return { action: String(frame[2]), isUpdate: Object(frame[3]).eventType === 'Updated' };
}
