import { type Reply, status, type Works } from './dialect.ts';
import type { Outlet } from './simulated-evse.ts';

/** What the node wants to hear now, of one EVSE or of all. */
export interface Wish {
  message: unknown;
  evseId: number | undefined;
  /** The messages by which this version of OCPP tells its meters. */
  meters: readonly string[];
}

/** Does what a TriggerMessage asks for, after the answer to it. */
export function trigger({ message, evseId, meters }: Wish, works: Works): Reply {
  const outlets = works.outlets.filter(({ plan }) => evseId === undefined || plan.evseId === evseId);
  if (meters.some((it) => it === message)) return status('Accepted', () => outlets.forEach((outlet) => void sample(outlet, works)));
  switch (message) {
    case 'BootNotification':
      return status('Accepted', () => works.tell({ kind: 'booted', because: 'Triggered' }));
    case 'Heartbeat':
      return status('Accepted', () => works.tell({ kind: 'heartbeat' }));
    case 'StatusNotification':
      return status('Accepted', () => outlets.forEach((outlet) => void works.tell({ kind: 'status', outlet })));
    default:
      return status('NotImplemented');
  }
}

/** Tells the meter of an EVSE with a running transaction. */
function sample(outlet: Outlet, works: Works): void {
  works.reconsider();
  if (outlet.transaction) works.tell({ kind: 'sampled', outlet, transaction: outlet.transaction, because: 'trigger' });
}
