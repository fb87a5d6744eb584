import type { SessionKey, StationId } from '../../domain/ids.ts';
import type { StoredActiveProfile, TransactionEvent } from '../../domain/station.ts';
import { type Judgement, judgeMetered, limitInForce } from '../../roles/cpo/metered-above.ts';
import type { TrackedSession } from '../../roles/cpo/session.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import type { Context } from '../core/context.ts';

/** What judging readings needs from other parts of the node. */
export interface JudgeDependencies {
  evses: EvseDirectory;
  /** The limit of a site for an EVSE in W; undefined: none is known. */
  siteWatts(evseUid: string): number | undefined;
}

/**
 * Judges the newest reading of an event by the limit in force; without a reading the last judgement stays. Undefined: no limit is known,
 * or the transaction is over.
 */
export type Judge = (
  before: (TrackedSession & { active?: StoredActiveProfile | undefined }) | undefined,
  after: TrackedSession,
  event: TransactionEvent | undefined,
) => Judgement | undefined;

/** Creates the judge of the sessions of a node. */
export function createJudge({ clock }: Pick<Context, 'clock'>, { evses, siteWatts }: JudgeDependencies): Judge {
  return (before, { wire, progress: { power, current } }, event) => {
    const known = before?.progress.judged;
    if (!event || event.kind === 'transaction-ended') return event ? undefined : known;
    const evse = evses.byUid(wire.evse_uid)?.evse;
    const newest = event.readings.findLast((it) => it.power !== undefined || it.current !== undefined || it.currentSum !== undefined);
    if (!newest || !evse) return known;
    const now = clock.now();
    const limit = limitInForce(evse, { active: before?.active, siteWatts: siteWatts(evse.uid) }, now);
    return judgeMetered(known, { at: newest.at, power, current }, { limit, evse, now });
  };
}

/** Reports in journal and metrics that a car draws more than its limit. */
export function noteAbove(
  { journal, metrics }: Pick<Context, 'journal' | 'metrics'>,
  at: { session: SessionKey; station: StationId; judged: Judgement },
): void {
  const { unit, limit, above } = at.judged;
  metrics.meteredAbove.inc();
  journal.note({ step: 'metered-above-limit', session: at.session, station: at.station, unit, limit, measured: above?.measured ?? 0 });
}
