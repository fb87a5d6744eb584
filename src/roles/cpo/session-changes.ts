import type { WireSession, WireSessionPatch } from '../../ocpi/sessions/session.ts';

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
