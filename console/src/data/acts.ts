import { text } from '../text/text.ts';
import { type ApiAnswer, callApi, segment } from './api-client.ts';
import type { ActPreview, RunningAct, UndoRequest } from './console-api-types.ts';
import { nodeNow } from './node-clock.ts';
import { amperesOf, currentText, type EvseRating, limitText, powerText } from './quantity.ts';
import { durationText, minuteTime } from './time-format.ts';

/** A limit that is known in A, in W, or in neither. */
export type LimitInBoth = RunningAct['limit'];

/** A limit in words: in A where it is known, else in kW. */
export const limitInWords = ({ a, w }: LimitInBoth): string =>
  a !== undefined ? currentText(a) : w !== undefined ? powerText(w) : text().acts.preview.unlimited;

/** A change of a limit: OAK-1: 8 A → 6 A. */
export const changeText = (evse: string, from: LimitInBoth, to: LimitInBoth): string => `${evse}: ${limitInWords(from)} → ${limitInWords(to)}`;

/** How long something runs on, for a countdown: "12 min left". */
export function remainingText(seconds: number): string {
  const { left, lessThanMinute } = text().acts.running;
  return seconds < 60 ? lessThanMinute : left(durationText(Math.ceil(seconds / 60) * 60_000));
}

/** The end of an act in words: " until 10:44"; nothing without an end. */
export const endInWords = (minutes: number | undefined): string =>
  minutes === undefined ? '' : text().acts.preview.until(minuteTime(nodeNow() + minutes * 60));

/** Lifts a running act. Resolves with the answer, and with what would put the act back. */
export async function actOn({ session, node, lift }: RunningAct): Promise<{ answer: ApiAnswer<unknown>; undo: UndoRequest | undefined }> {
  const preview =
    session !== undefined
      ? await callApi<ActPreview>(`sessions/${segment(session)}/charging-profile/preview`, { method: 'POST', body: { clear: lift.query.profiles ?? 'all' } })
      : await callApi<ActPreview>('sites/limits/preview', { method: 'POST', query: { node }, body: { lift: true } });
  const answer = await callApi(lift.path, { method: lift.method, query: lift.query });
  return { answer, undo: preview.ok ? preview.value.undo : undefined };
}

/** On AC a car charges with at least 6 A (IEC 61851-1). */
const LEAST_AMPERES = 6;

/** The limit of a draft that pauses the car: 0, or on AC less than 6 A; undefined: none does. */
export function pausingLimit(limits: readonly number[], unit: 'A' | 'W', rating: EvseRating | undefined): number | undefined {
  const amperes = (limit: number) => (unit === 'A' ? limit : rating ? amperesOf(limit, rating) : limit === 0 ? 0 : LEAST_AMPERES);
  return limits.find((limit) => limit === 0 || (!rating?.dc && amperes(limit) < LEAST_AMPERES));
}

/** The question before a pause, in words. */
export function pauseQuestion(limit: number, unit: 'A' | 'W', name: string): string {
  const { zero, below } = text().acts.pause;
  return limit === 0 ? zero(name) : below(name, limitText(limit, unit));
}

/** The next moment with this time of day, HH:MM in the user's zone, in epoch seconds; undefined: it is no time. */
export function nextMoment(time: string, now: number): number | undefined {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(time) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const date = new Date(now * 1000);
  date.setHours(Number(hours), Number(minutes), 0, 0);
  if (date.getTime() / 1000 <= now) date.setDate(date.getDate() + 1);
  return date.getTime() / 1000;
}

/** A time of day for a field, HH:MM in the user's zone. */
export function timeOfDay(at: number): string {
  const date = new Date(at * 1000);
  return [date.getHours(), date.getMinutes()].map((it) => String(it).padStart(2, '0')).join(':');
}
