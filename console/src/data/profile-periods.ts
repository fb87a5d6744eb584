import { text } from '../text/text.ts';
import type { Profile } from './api-types.ts';
import type { Point } from './point.ts';
import { type EvseRating, wattsOf } from './quantity.ts';

/** One period of a draft: its start in minutes from now, and its limit. */
export interface DraftPeriod {
  minute: number;
  limit: number;
}

/** What a draft needs beside its periods to become a profile. */
export interface ProfileSettings {
  unit: 'A' | 'W';
  /** How long the profile holds; undefined: until the session ends. */
  minutes: number | undefined;
  /** Epoch seconds. */
  now: number;
}

/** A profile as a line in W. A limit in A needs the rating of the EVSE to become W; without it there is no line. */
export function pointsOf(profile: Profile, from: number, rating: EvseRating | undefined): Point[] {
  const begin = profile.start_date_time === undefined ? from : Date.parse(profile.start_date_time) / 1000;
  const inWatts = (limit: number) => (profile.charging_rate_unit === 'W' ? limit : rating && wattsOf(limit, rating));
  const points = profile.charging_profile_period.flatMap(({ start_period, limit }): Point[] => {
    const watts = inWatts(limit);
    return watts === undefined ? [] : [[begin + start_period, watts]];
  });
  return profile.duration === undefined ? points : [...points, [begin + profile.duration, null]];
}

/** The body of the request: one limit goes in the short form, which starts at the node's own time; more periods go as a profile. */
export function requestBodyOf(draft: readonly DraftPeriod[], settings: ProfileSettings): Profile | { limit: number; unit: 'A' | 'W'; for?: number } {
  const [first, ...more] = draft;
  if (!first || more.length > 0) return profileOf(draft, settings);
  return { limit: first.limit, unit: settings.unit, ...(settings.minutes !== undefined && { for: Math.round(settings.minutes * 60) }) };
}

/** The OCPI profile of a draft. */
export function profileOf(draft: readonly DraftPeriod[], { unit, minutes, now }: ProfileSettings): Profile {
  const start = new Date(Math.floor(now) * 1000).toISOString().replace('.000Z', 'Z');
  return {
    charging_rate_unit: unit,
    ...((minutes !== undefined || draft.length > 1) && { start_date_time: start }),
    ...(minutes !== undefined && { duration: Math.round(minutes * 60) }),
    charging_profile_period: draft.map(({ minute, limit }) => ({ start_period: Math.round(minute * 60), limit })),
  };
}

/** Why a draft cannot be sent, as a sentence for its author; undefined when it can. */
export function problemOf(draft: readonly DraftPeriod[], minutes: number | undefined): string | undefined {
  const { problems } = text().profile;
  if (draft.length === 0) return problems.none;
  for (const [at, { minute, limit }] of draft.entries()) {
    if (!Number.isFinite(limit) || limit < 0) return problems.limit(at + 1);
    if (!Number.isFinite(minute) || minute < 0) return problems.start(at + 1);
    if (at === 0 && minute !== 0) return problems.first;
    if (at > 0 && minute <= (draft[at - 1]?.minute ?? 0)) return problems.order(at);
  }
  if (minutes !== undefined && !(minutes > (draft.at(-1)?.minute ?? 0))) return problems.end;
  return minutes !== undefined && minutes > 10_080 ? problems.longest : undefined;
}

/** The periods of a drawn line. `cells` has one limit per `minutes`, keyed by the number of the cell; equal limits in a row become one period. */
export function periodsOf(cells: ReadonlyMap<number, number>, minutes: number): { draft: DraftPeriod[]; minutes: number } {
  const drawn = [...cells.keys()].sort((a, b) => a - b);
  const [first, last] = [drawn[0], drawn.at(-1)];
  if (first === undefined || last === undefined) return { draft: [], minutes: 0 };
  const draft: DraftPeriod[] = [];
  let limit = cells.get(first) ?? 0;
  for (let cell = 0; cell <= last; cell++) {
    limit = cells.get(cell) ?? limit;
    if (draft.at(-1)?.limit !== limit) draft.push({ minute: cell * minutes, limit });
  }
  return { draft, minutes: (last + 1) * minutes };
}
