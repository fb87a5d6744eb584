import type { Point } from './console-api-types.ts';
import { type EvseRating, wattsOf } from './quantity.ts';
import type { Profile } from './api-types.ts';

/** One period as people type it: minutes from now, and a limit. */
export interface DraftPeriod {
  minute: number;
  limit: number;
}

/** The moments and limits of a profile in W; a limit in A needs an outlet to become W, without one nothing is drawn. */
export function pointsOf(profile: Profile, from: number, outlet: EvseRating | undefined): Point[] {
  const begin = profile.start_date_time === undefined ? from : Date.parse(profile.start_date_time) / 1000;
  const inWatts = (limit: number) => (profile.charging_rate_unit === 'W' ? limit : outlet && wattsOf(limit, outlet));
  const points = profile.charging_profile_period.flatMap(({ start_period, limit }): Point[] => {
    const watts = inWatts(limit);
    return watts === undefined ? [] : [[begin + start_period, watts]];
  });
  return profile.duration === undefined ? points : [...points, [begin + profile.duration, null]];
}

/** What goes to the node: one limit from now on as it is, which the node counts from its own clock; more periods as a profile. */
export function requestBodyOf(
  draft: readonly DraftPeriod[],
  told: { unit: 'A' | 'W'; minutes: number | undefined; now: number },
): Profile | { limit: number; unit: 'A' | 'W'; for?: number } {
  const [first, ...more] = draft;
  if (!first || more.length > 0) return profileOf(draft, told);
  return { limit: first.limit, unit: told.unit, ...(told.minutes !== undefined && { for: Math.round(told.minutes * 60) }) };
}

/** A profile of OCPI from what was typed or drawn; `minutes` is how long it holds, absent until the session ends. */
export function profileOf(draft: readonly DraftPeriod[], { unit, minutes, now }: { unit: 'A' | 'W'; minutes: number | undefined; now: number }): Profile {
  const start = new Date(Math.floor(now) * 1000).toISOString().replace('.000Z', 'Z');
  return {
    charging_rate_unit: unit,
    ...((minutes !== undefined || draft.length > 1) && { start_date_time: start }),
    ...(minutes !== undefined && { duration: Math.round(minutes * 60) }),
    charging_profile_period: draft.map(({ minute, limit }) => ({ start_period: Math.round(minute * 60), limit })),
  };
}

/** What is wrong with a draft, in words for its writer; nothing when it can be sent. */
export function problemOf(draft: readonly DraftPeriod[], minutes: number | undefined): string | undefined {
  if (draft.length === 0) return 'Add at least one period.';
  for (const [at, { minute, limit }] of draft.entries()) {
    if (!Number.isFinite(limit) || limit < 0) return `Period ${at + 1}: the limit must be 0 or more.`;
    if (!Number.isFinite(minute) || minute < 0) return `Period ${at + 1}: the start must be 0 min or later.`;
    if (at === 0 && minute !== 0) return 'The first period starts at 0 min.';
    if (at > 0 && minute <= (draft[at - 1]?.minute ?? 0)) return `Period ${at + 1} must start after period ${at}.`;
  }
  if (minutes !== undefined && !(minutes > (draft.at(-1)?.minute ?? 0))) return 'The duration must reach beyond the last period.';
  return minutes !== undefined && minutes > 10_080 ? 'A profile lasts seven days (10080 min) at most.' : undefined;
}

/** What was painted, one value for each step of `minutes`, as periods: the same limit twice is one period. */
export function periodsOf(cells: ReadonlyMap<number, number>, minutes: number): { draft: DraftPeriod[]; minutes: number } {
  const painted = [...cells.keys()].sort((a, b) => a - b);
  const [first, last] = [painted[0], painted.at(-1)];
  if (first === undefined || last === undefined) return { draft: [], minutes: 0 };
  const draft: DraftPeriod[] = [];
  let limit = cells.get(first) ?? 0;
  for (let cell = 0; cell <= last; cell++) {
    limit = cells.get(cell) ?? limit;
    if (draft.at(-1)?.limit !== limit) draft.push({ minute: cell * minutes, limit });
  }
  return { draft, minutes: (last + 1) * minutes };
}
