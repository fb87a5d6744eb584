import type { Clock } from '../../../domain/clock.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { type EpochMillis, epochMillis } from '../../../domain/units.ts';
import type { Keys } from '../../operators/keys.ts';
import type { Users } from '../../operators/users.ts';
import type { Refusal } from '../refusal.ts';
import { type AnsweredRoute, answerRoute, type CheckedRequest } from '../route.ts';
import { readWrittenProfile } from '../sessions/written-profile.ts';
import type { ActOperations } from './operations.ts';
import type { ProfileAct } from './preview-profile.ts';
import { getSteering, listRunningActs, previewLimit, previewProfile } from './routes.ts';
import type { RunningAct } from './schemas.ts';

interface Dependencies {
  operator: ActOperations;
  clock: Clock;
  users: Users;
  keys: Keys;
}

/** One steering board is read from the store in this time at most, for any number of open pages. */
const CACHE_MS = 2_000;

export function actAnswers({ operator, clock, users, keys }: Dependencies): readonly AnsweredRoute[] {
  const steering = readAtMostEvery(CACHE_MS, clock, () => operator.steering());
  return [
    answerRoute(previewProfile, async ({ params, query, body }) => {
      const act = actOf(body, query, clock.now());
      return act.ok ? operator.previewProfile(params.session, act.value) : act;
    }),
    answerRoute(previewLimit, ({ query, body }) => operator.previewLimit(query.node, 'lift' in body ? undefined : body)),
    answerRoute(listRunningActs, async () => ok({ items: withNames(await operator.runningActs(), [...(await users.all()), ...(await keys.all())]) })),
    answerRoute(getSteering, async () => ok(await steering())),
  ];
}

function actOf(
  body: CheckedRequest<typeof previewProfile>['body'],
  { mode = 'replace' }: { mode?: 'replace' | 'lower-only' },
  now: EpochMillis,
): Result<ProfileAct, Refusal> {
  if ('clear' in body) return ok({ kind: 'clear', profiles: body.clear });
  const profile = readWrittenProfile(body, now);
  return profile.ok ? ok({ kind: 'set', profile: profile.value, mode }) : profile;
}

/** The names of users and keys are those of now; somebody who was removed has none. */
function withNames(acts: readonly RunningAct[], known: readonly { id: string; name: string }[]): RunningAct[] {
  const names = new Map(known.map(({ id, name }) => [id, name]));
  return acts.map(({ by, ...it }) => {
    const name = by === undefined ? undefined : names.get(by);
    return { ...it, ...(name !== undefined && { by: name }) };
  });
}

/** Reads at most once in some ms; a failure is not kept. */
function readAtMostEvery<T>(ms: number, clock: Clock, read: () => Promise<T>): () => Promise<T> {
  let kept: { until: EpochMillis; value: Promise<T> } | undefined;
  const readOrForget = async () => {
    try {
      return await read();
    } catch (error) {
      kept = undefined; // the next request reads again
      throw error;
    }
  };
  return () => {
    const now = clock.now();
    if (!kept || kept.until <= now) kept = { until: epochMillis(now + ms), value: readOrForget() };
    return kept.value;
  };
}
