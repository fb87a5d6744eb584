import { fold } from '../../../domain/ids.ts';
import { ok, type Result } from '../../../domain/result.ts';
import type { WrittenLimit } from '../../../domain/site/imposed-limit.ts';
import { toSeconds } from '../../../domain/units.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import { OPERATOR } from '../../../roles/cpo/check-profile-request.ts';
import type { OwnSession, Progress } from '../../../roles/cpo/session.ts';
import { profileSetByUs, sessionsAskedByOperator } from '../../../store/sql/exchange-list.ts';
import { haltedParties } from '../../../store/sql/halt.ts';
import { imposedLimits } from '../../../store/sql/imposed-limit.ts';
import { type Input, inputsOf, runningInputs } from '../../../store/sql/input.ts';
import { runningTransactions, sessionByKey, steeredSessions } from '../../../store/sql/session.ts';
import { steeringNow } from '../../../store/sql/steering.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Context } from '../../core/context.ts';
import { invalid, type Refusal, refuse } from '../refusal.ts';
import type { SessionFinder } from '../sessions/find-session.ts';
import type { AnySession } from '../sessions/view-session.ts';
import { mistakeIn } from '../sites/operations.ts';
import { viewLimitPreview } from './preview-limit.ts';
import { type ProfileAct, previewProfileAct } from './preview-profile.ts';
import { byEnd, type RunningProfile, viewRunningLimit, viewRunningProfile } from './running.ts';
import type { ActPreview, RunningAct, SteeringView } from './schemas.ts';
import { operatorLast, viewSteering } from './steering.ts';

/** What acts of the operator would do, which ones run, and who steers which sessions. */
export interface ActOperations {
  /** What a set or clear would do on a session; nothing is sent. */
  previewProfile(name: string, act: ProfileAct): Promise<Result<ActPreview, Refusal>>;
  /** What a limit on a node of a site would do; `limit` undefined: its removal. Nothing is changed. */
  previewLimit(path: string, limit: WrittenLimit | undefined): Promise<Result<ActPreview, Refusal>>;
  /** The operator's profiles and imposed limits; `by` is the id of a user or key. */
  runningActs(): Promise<RunningAct[]>;
  steering(): Promise<SteeringView>;
}

export function actOperations(context: Context, { cpo }: Pick<Roles, 'cpo'>, finder: SessionFinder): ActOperations {
  const { store, clock } = context;
  const basis = () => ({ sites: (cpo?.limits.balances() ?? []).map(({ state }) => state), now: toSeconds(clock.now()), evses: cpo?.evses });
  const sessionsByEvse = async () => {
    const running = await store.all(runningTransactions);
    const keys = new Map(running.flatMap(({ session, evseUid }) => (evseUid === undefined ? [] : [[fold(evseUid), session] as const])));
    return (evse: string) => keys.get(fold(evse));
  };
  return {
    previewProfile: async (name, act) => {
      const found = await finder.find(name);
      if (!found.ok) return found;
      const [inputs, sessionAt] = await Promise.all([installedOn(store, found.value), sessionsByEvse()]);
      return ok(previewProfileAct(act, { session: found.value, inputs, sessionAt, ...basis() }));
    },
    previewLimit: async (path, limit) => {
      const { now } = basis();
      const mistake = limit && mistakeIn(limit, now);
      if (mistake) return invalid(mistake.key, `${mistake.key}: ${mistake.says}`);
      const preview = await cpo?.limits.imposed.preview(path, limit);
      if (!preview?.ok) return refuse(404, 'NOT_FOUND', preview?.problem ?? 'this node has no sites in its configuration');
      return ok(viewLimitPreview(preview.value, limit, { now, sessionAt: await sessionsByEvse() }));
    },
    runningActs: async () => {
      const [own, sent, limits] = await Promise.all([store.all(runningInputs(OPERATOR)), sentProfiles(store), store.all(imposedLimits)]);
      const inputs = [...own, ...sent];
      const sessions = await Promise.all(inputs.map(({ session }) => store.first(sessionByKey<OwnSession, Progress>(session))));
      const { now, evses, sites } = basis();
      const paths = new Map(sites.flatMap(({ tree }) => tree.nodes.map(({ path }) => [fold(path), path])));
      const profiles = inputs.flatMap((it, n) => {
        const session = sessions[n];
        return session && finder.isVisible(session) ? (viewRunningProfile(it, session, { evses, now }) ?? []) : [];
      });
      const imposed = limits.flatMap((it) => {
        const path = paths.get(it.node);
        return path === undefined ? [] : (viewRunningLimit(it, path, now) ?? []);
      });
      return [...profiles, ...imposed].sort(byEnd);
    },
    steering: async () => {
      const [sessions, inputs, steering, halted] = await Promise.all([
        store.all(steeredSessions<OwnSession, Progress>()),
        store.all(runningInputs()),
        store.all(steeringNow),
        store.all(haltedParties),
      ]);
      const parties = viewSteering({ sessions: sessions.filter(finder.isVisible), inputs, steering, halted, ...basis() });
      return { at: printDateTime(clock.now()), parties: parties.sort(operatorLast) };
    },
  };
}

/** The profiles on a session: those at a charge point of this node, or the one that a party of this node has set at another CPO. */
async function installedOn(store: Context['store'], { key, peer }: AnySession): Promise<readonly Input[]> {
  if (peer === undefined) return store.all(inputsOf(key));
  const set = await store.first(profileSetByUs(key));
  return set ? [{ by: OPERATOR, peer, profile: set.profile, state: 'installed' }] : [];
}

/** The profiles that people and keys of this node have set on running sessions at other CPOs, and that the planner has not replaced. */
async function sentProfiles(store: Context['store']): Promise<RunningProfile[]> {
  const keys = await store.all(sessionsAskedByOperator);
  const sets = await Promise.all(keys.map(async (session) => ({ session, set: await store.first(profileSetByUs(session)) })));
  return sets.flatMap(({ session, set }) => (set?.author === undefined ? [] : [{ session, profile: set.profile, at: set.at, author: set.author }]));
}
