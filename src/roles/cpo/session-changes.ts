import type { EpochMillis, Seconds } from '../../domain/units.ts';
import type { WireSession, WireSessionPatch } from '../../ocpi/sessions/session.ts';
import { showsCharging } from './charging-period.ts';

/** The message that brings a receiver up to date: none, the whole session, or the changed fields. */
export type SessionChange = { by: 'nothing' } | { by: 'PUT'; session: WireSession } | { by: 'PATCH'; patch: WireSessionPatch };

/** The smallest message with the changes of a session since `acknowledged` (SES-01, SES-02, SES-38, TRN-32). */
export function sessionChange(acknowledged: WireSession | undefined, session: WireSession): SessionChange {
  if (!acknowledged || needsPut(acknowledged, session)) return { by: 'PUT', session };
  const changed = Object.entries(session).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(Object.entries(acknowledged).find(([name]) => name === field)?.[1]),
  );
  if (changed.length === 0) return { by: 'nothing' };
  const { charging_periods: _, ...fields } = Object.fromEntries(changed) as Partial<WireSession>;
  const added = (session.charging_periods ?? []).slice(acknowledged.charging_periods?.length ?? 0);
  return { by: 'PATCH', patch: { ...fields, ...(added.length > 0 && { charging_periods: added }), last_updated: session.last_updated } };
}

/** A PATCH can change fields and add charging periods, but cannot remove a field or change a period (SES-38). */
function needsPut(before: WireSession, after: WireSession): boolean {
  const removed = Object.keys(before).some((field) => !(field in after));
  const periods = after.charging_periods ?? [];
  return removed || (before.charging_periods ?? []).some((period, n) => JSON.stringify(period) !== JSON.stringify(periods[n]));
}

/** Fields whose changes may wait: how much was charged, and for which price. */
const MAY_WAIT: ReadonlySet<string> = new Set(['charging_periods', 'kwh', 'last_updated', 'total_cost']);

/** A session as its receiver holds it since a moment, as it is now, and how often it is pushed, in s. */
interface Pushed {
  pushedAt: EpochMillis;
  acknowledged: WireSession;
  session: WireSession;
  every: Seconds;
  now: EpochMillis;
}

/**
 * How long the push of a change waits, in ms: until `every` has passed since the last push. A change of state does not
 * wait: of the status, the EVSE, the owner, and from charging to not charging or back (CDP-06).
 */
export function pushDelay({ acknowledged, pushedAt, session, every, now }: Pushed): number {
  if (isOtherState(acknowledged, session)) return 0;
  // A clock that was set back does not delay a push for longer.
  return Math.min(pushedAt + every * 1000 - now, every * 1000);
}

function isOtherState(before: WireSession, after: WireSession): boolean {
  const fields = (session: WireSession) => JSON.stringify(Object.entries(session).filter(([field]) => !MAY_WAIT.has(field)));
  return showsCharging(before.charging_periods) !== showsCharging(after.charging_periods) || fields(before) !== fields(after);
}
