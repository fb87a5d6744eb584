import { compareDateTimes } from '../../ocpi/date-time.ts';
import type { WireSession, WireSessionPatch } from '../../ocpi/sessions/session.ts';

/** The stored session after a message. `stale`: it may be wrong and must be pulled again. */
export interface ReceivedSession {
  session: WireSession;
  stale: boolean;
}

/**
 * A PUT replaces the whole session (SES-31, SES-32). An older PUT only adds charging periods that are missing. A session that has
 * ended stays ended (SES-42).
 */
export function put(stored: WireSession | undefined, received: WireSession): ReceivedSession {
  if (!stored) return { session: received, stale: false };
  const age = compareDateTimes(received.last_updated, stored.last_updated);
  if (age < 0) return { session: withPeriods(stored, received.charging_periods, 'stored wins'), stale: true };
  return checked(stored, received);
}

/** A PATCH changes the fields that it contains and adds its charging periods to the stored ones; an older PATCH only adds periods (SES-36, SES-37, SES-39). */
export function patch(stored: WireSession, received: WireSessionPatch): ReceivedSession {
  const { charging_periods: periods, ...fields } = received;
  if (compareDateTimes(received.last_updated, stored.last_updated) < 0) return { session: withPeriods(stored, periods, 'stored wins'), stale: true };
  return checked(stored, withPeriods({ ...stored, ...fields }, periods, 'received wins'));
}

/** Keeps the end of a session. A session that restarts, or has less energy than before, is stale. */
function checked(stored: WireSession, next: WireSession): ReceivedSession {
  const restarted = rank(next.status) < rank(stored.status);
  const less = next.kwh < stored.kwh;
  const session = restarted ? { ...next, status: stored.status, ...(stored.end_date_time && { end_date_time: stored.end_date_time }) } : next;
  return { session, stale: restarted || less };
}

function withPeriods(session: WireSession, added: WireSession['charging_periods'], winner: 'stored wins' | 'received wins'): WireSession {
  if (!added || added.length === 0) return session;
  const first = winner === 'stored wins' ? added : (session.charging_periods ?? []);
  const second = winner === 'stored wins' ? (session.charging_periods ?? []) : added;
  const byStart = new Map([...first, ...second].map((period) => [period.start_date_time, period]));
  return { ...session, charging_periods: [...byStart.values()].sort((a, b) => compareDateTimes(a.start_date_time, b.start_date_time)) };
}

/** The progress of a session, which never decreases. */
function rank(status: WireSession['status']): number {
  switch (status) {
    case 'PENDING':
    case 'RESERVATION':
      return 0;
    case 'ACTIVE':
      return 1;
    case 'COMPLETED':
    case 'INVALID':
      return 2;
    default:
      return status satisfies never;
  }
}
