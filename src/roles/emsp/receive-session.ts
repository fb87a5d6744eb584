import { compareDateTimes } from '../../ocpi/date-time.ts';
import type { WireSession, WireSessionPatch } from '../../ocpi/sessions/session.ts';

/** What a receiver holds after a message, and whether it has reason to pull the session to be sure. */
export interface ReceivedSession {
  session: WireSession;
  stale: boolean;
}

/**
 * A PUT replaces what is held, whole (SES-31, SES-32). One that is older than what is held changes nothing that is
 * newer, only adds the periods that were missing; and an ended session stays ended (SES-42).
 */
export function put(held: WireSession | undefined, told: WireSession): ReceivedSession {
  if (!held) return { session: told, stale: false };
  const age = compareDateTimes(told.last_updated, held.last_updated);
  if (age < 0) return { session: withPeriods(held, told.charging_periods, 'held wins'), stale: JSON.stringify(told) !== JSON.stringify(held) };
  return guarded(held, told);
}

/** A PATCH changes the fields that it carries and adds its charging periods to those there are (SES-36, SES-37, SES-39). */
export function patch(held: WireSession, told: WireSessionPatch): ReceivedSession {
  const { charging_periods: periods, ...fields } = told;
  if (compareDateTimes(told.last_updated, held.last_updated) < 0) return { session: withPeriods(held, periods, 'held wins'), stale: true };
  return guarded(held, withPeriods({ ...held, ...fields }, periods, 'told wins'));
}

/** News that a session may not take back: its end, and energy that was already counted. */
function guarded(held: WireSession, next: WireSession): ReceivedSession {
  const resurrected = rank(next.status) < rank(held.status);
  const shrunk = next.kwh < held.kwh;
  const session = resurrected ? { ...next, status: held.status, ...(held.end_date_time && { end_date_time: held.end_date_time }) } : next;
  return { session, stale: resurrected || shrunk };
}

function withPeriods(session: WireSession, added: WireSession['charging_periods'], winner: 'held wins' | 'told wins'): WireSession {
  if (!added || added.length === 0) return session;
  const first = winner === 'held wins' ? added : (session.charging_periods ?? []);
  const second = winner === 'held wins' ? (session.charging_periods ?? []) : added;
  const byStart = new Map([...first, ...second].map((period) => [period.start_date_time, period]));
  return { ...session, charging_periods: [...byStart.values()].sort((a, b) => compareDateTimes(a.start_date_time, b.start_date_time)) };
}

/** How far a session has come; it never goes back. */
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
