import { type Static, Type } from 'typebox';
import { printQuantity } from '../../domain/print-quantity.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { sessionFaults } from '../../roles/cpo/session-faults.ts';
import { alarmedSessions, countAlarmed, countUncertain, uncertainInputs } from '../../store/sql/session-figures.ts';
import type { Context } from '../core/context.ts';
import { Key } from './fields.ts';
import type { AnySession } from './sessions/view-session.ts';

/** A running session that does not do what was set, or of which that is not known. */
export const SessionDeviation = Type.Object({
  session: Key,
  station: Type.Optional(Type.String()),
  kind: Type.Unsafe<'deviation' | 'above-limit' | 'uncertain'>({
    type: 'string',
    enum: ['deviation', 'above-limit', 'uncertain'],
    description:
      'deviation: the charge point reports another limit than the one that it accepted; above-limit: the car draws more than its limit; uncertain: nobody knows whether a profile is in force',
  }),
  says: Type.String(),
});
export type SessionDeviation = Static<typeof SessionDeviation>;

/** Most sessions in one answer. */
const MOST_LISTED = 50;

/** Reads what deviates among all running sessions: its number, and the newest of them. */
export async function readDeviations({ store, clock }: Pick<Context, 'store' | 'clock'>): Promise<{ count: number; items: SessionDeviation[] }> {
  const [alarmed, uncertain, sessions, inputs] = await Promise.all([
    store.first(countAlarmed),
    store.first(countUncertain),
    store.all(alarmedSessions<OwnSession, Progress>(MOST_LISTED)),
    store.all(uncertainInputs(MOST_LISTED)),
  ]);
  const unknown = inputs.map(
    ({ session, by }): SessionDeviation => ({ session, kind: 'uncertain', says: `it is not known whether the profile of ${by} is in force` }),
  );
  const now = clock.now();
  return { count: (alarmed ?? 0) + (uncertain ?? 0), items: [...sessions.flatMap((it) => describe(it, now)), ...unknown].slice(0, MOST_LISTED) };
}

/** A session with both faults is shown once, by what it draws. */
function describe(session: AnySession, now: EpochMillis): SessionDeviation[] {
  const [fault] = sessionFaults(session, now);
  if (!fault) return [];
  const about = { session: fault.session, ...(fault.station !== undefined && { station: fault.station }) };
  if (fault.is === 'above-limit') {
    const { measured, limit, unit } = fault;
    return [{ ...about, kind: 'above-limit', says: `draws ${printQuantity(measured, unit)}, more than its limit of ${printQuantity(limit, unit)}` }];
  }
  const { how, said, expected } = fault;
  const says =
    said === expected
      ? `the charge point plans a limit ${how} the one that it accepted`
      : `the charge point reports ${said}, ${how} the ${expected} that it accepted`;
  return [{ ...about, kind: 'deviation', says }];
}
