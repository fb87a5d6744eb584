import type { Evse } from '../../domain/evse.ts';
import type { SessionKey } from '../../domain/ids.ts';
import type { Deviation, StoredActiveProfile } from '../../domain/station.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { writeActiveChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import { isNewDeviation } from '../../roles/cpo/find-deviation.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { addEventWhileActive } from '../../store/sql/event.ts';
import type { StoredSession } from '../../store/sql/session.ts';
import type { Write } from '../../store/store.ts';
import type { Context } from '../core/context.ts';

/** A deviation that began or changed; one that ended has no `deviation`. */
export interface DeviationChange {
  deviation: Deviation | undefined;
  writes: readonly Write[];
}

/** The change from the deviation of one reading to that of the next, with the event to commit; undefined when nothing changed. */
export function deviationChange(
  { key, before, active, evse }: { key: SessionKey; before: StoredActiveProfile | undefined; active: StoredActiveProfile; evse: Evse },
  at: EpochMillis,
): DeviationChange | undefined {
  const { deviation } = active;
  if (!isNewDeviation(before?.deviation, deviation, evse)) return undefined;
  const body = {
    how: deviation?.how ?? 'none',
    said: writeActiveChargingProfile(active),
    ...(deviation && { computed: writeActiveChargingProfile(deviation.computed) }),
  };
  return { deviation, writes: [addEventWhileActive({ at, kind: 'deviation', session: key, body })] };
}

/** Reports a change in journal and metrics, after it is committed. */
export function reportDeviation(
  { journal, metrics }: Context,
  { deviation, session, active }: DeviationChange & { session: StoredSession<OwnSession, Progress>; active: StoredActiveProfile },
): void {
  if (!session.station) return;
  const { deviation: _, announced: __, computed: ___, ...said } = active;
  if (deviation) metrics.deviations.inc({ how: deviation.how });
  journal.note({
    step: 'deviation',
    session: session.key,
    station: session.station,
    how: deviation?.how ?? 'none',
    said,
    ...(deviation && { computed: deviation.computed }),
  });
}
