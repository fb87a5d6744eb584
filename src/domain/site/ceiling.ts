import { limitAt, type Schedule, type Span } from '../profile/schedule.ts';
import { type Amperes, amperes, epochSeconds, type Watts, watts } from '../units.ts';
import { DAY, secondOfDay } from './local-day.ts';

/** What one node of a site lets through; where one of both is absent, it does not limit. */
export interface Ceiling {
  /** On each phase. */
  readonly a?: Amperes;
  /** Over all phases together. */
  readonly w?: Watts;
}

/** What a node lets through as time goes by: the lowest of all that hold at a moment. */
export interface CeilingOverTime {
  readonly fixed: Ceiling;
  readonly dated: Schedule<Ceiling>;
  /** Over the seconds of a local day, 0 to 86400. */
  readonly daily: Schedule<Ceiling>;
}

/** A ceiling with both its numbers; Infinity where there is none. */
export interface Capacity {
  readonly a: Amperes;
  readonly w: Watts;
}

const UNLIMITED: Capacity = { a: amperes(Infinity), w: watts(Infinity) };

/** The lower of both in each unit. */
export const lowerOf = (room: Capacity, { a, w }: Ceiling): Capacity => ({
  a: amperes(Math.min(room.a, a ?? Infinity)),
  w: watts(Math.min(room.w, w ?? Infinity)),
});

/** The limits that a schedule has anywhere in a span; its first moment counts when the span is empty. */
export function limitsWithin<L>(schedule: Schedule<L>, { from, to }: Span): readonly L[] {
  if (schedule.length === 0) return [];
  const first = limitAt(schedule, from);
  const next = schedule.filter((step) => step.from > from && step.from < to).map((step) => step.limit);
  return first === undefined ? next : [first, ...next];
}

/** The least that a node lets through at any moment of a span, so that a known cut is answered before it comes. */
export function capacityWithin({ fixed, dated, daily }: CeilingOverTime, span: Span, timeZone: string): Capacity {
  const room = [fixed, ...limitsWithin(dated, span)].reduce(lowerOf, UNLIMITED);
  if (daily.length === 0) return room;
  return localSpans(span, timeZone)
    .flatMap((it) => limitsWithin(daily, it))
    .reduce(lowerOf, room);
}

/** A span as seconds of the local day; where clocks are turned in it, both readings of the day count. */
function localSpans({ from, to }: Span, timeZone: string): readonly Span[] {
  const length = to - from;
  return [secondOfDay(from, timeZone), secondOfDay(to, timeZone) - length].flatMap((start) => cutAtMidnight(start, length));
}

function cutAtMidnight(start: number, length: number): readonly Span[] {
  if (start < 0) return [between(start + DAY, DAY), between(0, start + length)];
  if (start + length > DAY) return [between(start, DAY), between(0, start + length - DAY)];
  return [between(start, start + length)];
}
const between = (from: number, to: number): Span => ({ from: epochSeconds(from), to: epochSeconds(to) });
