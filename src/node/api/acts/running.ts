import type { EpochSeconds } from '../../../domain/units.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import type { ImposedLimit } from '../../../store/sql/imposed-limit.ts';
import type { RunningInput } from '../../../store/sql/input.ts';
import type { EvseDirectory } from '../../config/evse-directory.ts';
import type { AnySession } from '../sessions/view-session.ts';
import { viewImposed } from './preview-limit.ts';
import { isOver, limitNow, startOf, untilOf } from './preview-profile.ts';
import type { RunningAct } from './schemas.ts';
import { clearOwn, liftAgain } from './undo.ts';

/** A profile of the operator, at a charge point of this node or at another CPO. */
export type RunningProfile = Pick<RunningInput, 'session' | 'profile' | 'at' | 'keepsOthers' | 'author'>;

/** A profile of the operator that runs on a session; undefined: it has ended. `by` is the id of the user or key. */
export function viewRunningProfile(
  { profile, at, keepsOthers, author }: RunningProfile,
  session: AnySession,
  { evses, now }: { evses: Pick<EvseDirectory, 'byUid'> | undefined; now: EpochSeconds },
): RunningAct | undefined {
  const { key, body, station, evseUid } = session;
  const when = { evse: evseUid === undefined ? undefined : evses?.byUid(evseUid)?.evse, chargingStarted: startOf(body, now), now };
  if (isOver(profile, when)) return undefined;
  return {
    kind: 'profile',
    name: body.evse_uid,
    session: key,
    ...(station !== undefined && { station }),
    limit: limitNow(profile, when),
    since: printDateTime(at),
    ...untilOf(profile, when),
    ...(author !== undefined && { by: author }),
    lift: clearOwn(key, keepsOthers === true),
  };
}

/** A limit that is imposed on a node of a site; undefined: it has ended. `by` as above. */
export function viewRunningLimit(it: ImposedLimit, path: string, now: EpochSeconds): RunningAct | undefined {
  const held = viewImposed(it, now);
  return (
    held && {
      kind: 'limit',
      name: path,
      node: path,
      ...held,
      since: printDateTime(it.at),
      ...(it.author !== undefined && { by: it.author }),
      ...(it.reason !== undefined && { reason: it.reason }),
      lift: liftAgain(path),
    }
  );
}

/** The act that ends first comes first; those without an end come last, oldest first. */
export const byEnd = (a: RunningAct, b: RunningAct): number => endOf(a) - endOf(b) || a.since.localeCompare(b.since) || a.name.localeCompare(b.name);
const endOf = ({ until }: RunningAct) => (until === undefined ? Number.MAX_SAFE_INTEGER : toSecondsOf(until));
const toSecondsOf = (moment: string) => Math.floor(Date.parse(moment) / 1000);
