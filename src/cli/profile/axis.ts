import type { EpochSeconds } from '../../domain/units.ts';
import type { Drawing } from './drawing.ts';

/** A mark on an axis. */
export interface Tick {
  at: number;
  label: string;
}

/** Round numbers from 0 up to at least the highest limit; at most `most` ticks above 0. */
export function limitTicks({ steps }: Drawing, most: number): Tick[] {
  const highest = steps.reduce((high, { limit }) => Math.max(high, limit), 0) || 1;
  const power = 10 ** Math.floor(Math.log10(highest / most));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((it) => Math.ceil(highest / it - 1e-9) <= most) ?? 10 * power;
  const count = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, n) => ({ at: step * n, label: String(Number((step * n).toPrecision(6))) }));
}

const TIME_STEPS = [1, 5, 10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000, 31_536_000];

/** Round times within the span of a drawing; at most `most` ticks. */
export function timeTicks(drawing: Drawing, most: number): Tick[] {
  const { from, to } = drawing;
  const step = TIME_STEPS.find((it) => (to - from) / it < most) ?? Math.ceil((to - from) / most);
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.ceil((to - first) / step)) }, (_, n) => first + n * step).map((at) => ({
    at,
    label: tickLabel(at, step, drawing),
  }));
}

function tickLabel(at: number, step: number, { from, to, since }: Drawing): string {
  if (since === 'start') return `+${hours(at).slice(0, step < 60 ? undefined : -3)}`;
  const text = new Date(at * 1000).toISOString();
  if (step >= 86_400) return text.slice(0, 10);
  return `${to - from > 86_400 ? `${text.slice(5, 10)} ` : ''}${text.slice(11, step < 60 ? 19 : 16)}`;
}

/** Date and time in UTC, or the time since the start for a drawing without a known start: `+1:05:00`. */
export const formatTime = (at: EpochSeconds, { since }: Drawing): string =>
  since === 'start' ? afterStart(at) : new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ');

/** Seconds after a start: `+1:05:00`. */
export const afterStart = (seconds: number): string => `+${hours(seconds)}`;

/** `1:05:00` */
function hours(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Label of the axis of limits. */
export const unitLabel = ({ unit }: Drawing): string => (unit === 'A' ? 'A per phase' : 'W total');

/** Label of the axis of times. */
export const timeLabel = ({ since }: Drawing): string => (since === 'start' ? 'hours from the start' : 'UTC');
