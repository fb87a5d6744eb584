import type { Evse } from '../../../domain/evse.ts';
import { isChange, limitInBoth, sumChanges } from '../../../domain/limit-change.ts';
import type { ChargingProfile } from '../../../domain/profile/charging-profile.ts';
import { limitAt, scheduleOf } from '../../../domain/profile/schedule.ts';
import { type EpochSeconds, epochMillis } from '../../../domain/units.ts';
import { dateTimeSeconds, printDateTime } from '../../../ocpi/date-time.ts';
import { OPERATOR } from '../../../roles/cpo/check-profile-request.ts';
import type { Input } from '../../../store/sql/input.ts';
import type { EvseDirectory } from '../../config/evse-directory.ts';
import { type PreviewBasis, previewProfiles } from '../../cpo/preview-profiles.ts';
import type { SetMode } from '../sessions/send-ask.ts';
import type { AnySession } from '../sessions/view-session.ts';
import type { ActPreview } from './schemas.ts';
import { clearOwn, setAgain } from './undo.ts';

/** A set or a clear that has not been sent. */
export type ProfileAct = { kind: 'set'; profile: ChargingProfile; mode: SetMode } | { kind: 'clear'; profiles: 'all' | 'own' };

/** On AC a car charges with 6 A or more (IEC 61851-1). */
export const LEAST_AMPERES = 6;

/** What is known about a session before an act. */
export interface BeforeAct extends PreviewBasis {
  session: AnySession;
  inputs: readonly Input[];
  evses: Pick<EvseDirectory, 'byUid'> | undefined;
  /** The running sessions by the uids of their EVSEs. */
  sessionAt(evse: string): string | undefined;
}

/** What a set or clear on a session would do; decided from what is known, without a request to the charge point. */
export function previewProfileAct(act: ProfileAct, before: BeforeAct): ActPreview {
  const { session, inputs, evses, now, sessionAt } = before;
  const { key, body, evseUid } = session;
  const chargingStarted = startOf(body, now);
  const evse = session.peer === undefined && evseUid !== undefined ? evses?.byUid(evseUid)?.evse : undefined;
  const at = { evse, chargingStarted, now };
  const kept = inputs.filter(({ by }) => by !== OPERATOR && (act.kind === 'set' ? act.mode === 'lower-only' : act.profiles === 'own'));
  const removed = inputs.filter((it) => !kept.includes(it));
  const after = [...kept.map(({ profile }) => profile), ...(act.kind === 'set' ? [act.profile] : [])];
  const changes = evse
    ? previewProfiles([{ evse, chargingStarted, before: inputs.map(({ profile }) => profile), after }], before)
    : [
        {
          evse: body.evse_uid,
          from: lowestOf(
            inputs.map(({ profile }) => profile),
            at,
          ),
          to: lowestOf(after, at),
        },
      ];
  const own = removed.find(({ by, profile }) => by === OPERATOR && !isOver(profile, at));
  const undo = own ? setAgain(key, own) : act.kind === 'set' ? clearOwn(key, kept.length > 0) : undefined;
  return {
    replaces: removed.filter(({ profile }) => !isOver(profile, at)).map((it) => viewReplaced(it, at)),
    keeps: kept.map(({ by }) => by),
    pauses: act.kind === 'set' && act.profile.periods.some(({ limit }) => pauses(limitInBoth(limit, act.profile.unit, evse), evse?.powerType === 'DC')),
    changes: changes.filter(isChange).map((it) => ({ ...it, ...sessionOf(sessionAt(it.evse)) })),
    sums: sumChanges(changes),
    ...(undo && { undo }),
    lost: removed.filter(({ by }) => by !== OPERATOR).map(({ by }) => by),
  };
}

const sessionOf = (session: string | undefined) => (session === undefined ? {} : { session });
const pauses = ({ a, w }: { a?: number; w?: number }, isDc: boolean) => a === 0 || w === 0 || (!isDc && a !== undefined && a < LEAST_AMPERES);

/** Where and when a profile is looked at; `evse` undefined: it is not one of this node, so that A and W do not convert. */
interface At {
  evse: Evse | undefined;
  chargingStarted: EpochSeconds;
  now: EpochSeconds;
}

/** When the charging of a session began, from which profiles without a start count. */
export const startOf = ({ start_date_time: start }: { start_date_time: string }, now: EpochSeconds): EpochSeconds => dateTimeSeconds(start) ?? now;

const endOf = ({ start, duration }: ChargingProfile, { chargingStarted }: Pick<At, 'chargingStarted'>) =>
  duration === undefined ? undefined : (start ?? chargingStarted) + duration;
/** Whether a profile has ended, so that nothing of it holds. */
export const isOver = (profile: ChargingProfile, at: Pick<At, 'chargingStarted' | 'now'>): boolean => (endOf(profile, at) ?? Infinity) <= at.now;
/** The end of a profile, as the API prints it; absent: the end of the session. */
export function untilOf(profile: ChargingProfile, at: Pick<At, 'chargingStarted'>): { until?: string } {
  const end = endOf(profile, at);
  return end === undefined ? {} : { until: printDateTime(epochMillis(end * 1000)) };
}

const viewReplaced = ({ by, profile }: Input, at: At) => ({ by, limit: limitNow(profile, at), ...untilOf(profile, at) });

/** The limit of a profile now; before its start, its first one. */
export function limitNow(profile: ChargingProfile, { evse, chargingStarted, now }: At) {
  const limit = profile.unit === 'W' ? limitAt(scheduleOf(profile, chargingStarted), now) : limitAt(scheduleOf(profile, chargingStarted), now);
  return limitInBoth(limit ?? profile.periods[0]?.limit, profile.unit, evse);
}

/** The lowest limit of several profiles of one unit; of a remote session more is not known. */
function lowestOf(profiles: readonly ChargingProfile[], at: At) {
  const limits = profiles.filter((it) => !isOver(it, at)).map((it) => limitNow(it, at));
  return limits.reduce((least, it) => ((it.a ?? it.w ?? Infinity) < (least.a ?? least.w ?? Infinity) ? it : least), limits[0] ?? {});
}
