import type { WireSession, WireSessionPatch } from '../../ocpi/sessions/session.ts';

/** What brings a receiver from what it has to what is: nothing, the whole object, or the fields that changed. */
export type SessionChange = { by: 'nothing' } | { by: 'PUT'; session: WireSession } | { by: 'PATCH'; patch: WireSessionPatch };

/** The smallest message that tells a receiver of a session what changed since `acknowledged` (SES-01, SES-02, SES-38, TRN-32). */
export function sessionChange(acknowledged: WireSession | undefined, session: WireSession): SessionChange {
  if (!acknowledged || lost(acknowledged, session)) return { by: 'PUT', session };
  const changed = Object.entries(session).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(Object.entries(acknowledged).find(([name]) => name === field)?.[1]),
  );
  if (changed.length === 0) return { by: 'nothing' };
  const { charging_periods: _, ...fields } = Object.fromEntries(changed) as Partial<WireSession>;
  const added = (session.charging_periods ?? []).slice(acknowledged.charging_periods?.length ?? 0);
  return { by: 'PATCH', patch: { ...fields, ...(added.length > 0 && { charging_periods: added }), last_updated: session.last_updated } };
}

/** A PATCH can add periods and change fields, but take nothing away: then only a PUT tells the truth (SES-38). */
function lost(before: WireSession, after: WireSession): boolean {
  const gone = Object.keys(before).some((field) => !(field in after));
  const had = before.charging_periods ?? [];
  const has = after.charging_periods ?? [];
  return gone || had.some((period, n) => JSON.stringify(period) !== JSON.stringify(has[n]));
}
