import { useState } from 'preact/hooks';
import type { SessionView } from './api-types.ts';
import { type DraftPeriod, periodsOf } from './profile-periods.ts';
import { amperesOf, type EvseRating } from './quantity.ts';
import { secondsOf } from './time-format.ts';

/** Minutes of one cell that the pointer draws. */
const CELL_MINUTES = 5;
/** Minutes that a limit holds when nothing says otherwise. */
export const USUAL_MINUTES = 15;

/** A profile that is not sent yet. */
export interface DraftState {
  unit: 'A' | 'W';
  periods: readonly DraftPeriod[];
  /** How long the profile holds; undefined: until `until`, or until the session ends. */
  minutes: number | undefined;
  /** The moment at which it ends, in epoch s. */
  until: number | undefined;
  /** The pointer draws on the chart. */
  drawing: boolean;
  /** The user has changed something. */
  changed: boolean;
  /** Minutes ahead that the chart shows while the pointer draws: they stay during a stroke. */
  span: number;
}

/** What the form shows before the user changes something: the limit that holds, and its end. `now` in epoch s. */
export function openingDraft({ limit }: Pick<SessionView, 'limit'>, now: number): DraftState {
  const end = limit?.until === undefined ? undefined : secondsOf(limit.until);
  const until = end !== undefined && end > now + 60 ? end : undefined;
  const opening = { drawing: false, changed: false, span: spanFor(USUAL_MINUTES), minutes: until === undefined ? USUAL_MINUTES : undefined, until };
  return limit
    ? { ...opening, unit: limit.unit, periods: [{ minute: 0, limit: Math.round(limit.limit * 10) / 10 }] }
    : { ...opening, unit: 'A', periods: [{ minute: 0, limit: 10 }] };
}

/** Minutes that an axis shows for a profile of a length: the next of these spans, with room to go on. */
export const spanFor = (minutes: number): number => [60, 120, 240, 480, 720, 1440].find((it) => minutes <= it * 0.9) ?? Math.ceil(minutes / 1440 + 0.1) * 1440;

/** A draft's length in minutes; one without an end counts with the last period and a quarter of an hour. */
export const lengthOf = ({ minutes, until, periods }: Pick<DraftState, 'minutes' | 'until' | 'periods'>, now: number): number =>
  minutes ?? (until === undefined ? (periods.at(-1)?.minute ?? 0) + USUAL_MINUTES : (until - now) / 60);

/** One point of a stroke: epoch seconds and W under the pointer, whether the stroke begins there, and whether it is kept level. */
export interface StrokePoint {
  at: number;
  value: number;
  begins: boolean;
  flat: boolean;
}

interface Drawn {
  cells: ReadonlyMap<number, number>;
  /** The cell and the limit of the last point, and the limit at the start of the stroke. */
  last: { cell: number; level: number } | undefined;
}

/** The cells after one more point: whole amperes or 0.1 kW, in steps of five minutes; a level stroke keeps the limit that it began with. Undefined: the point is in the past. */
export function drawPoint(
  { cells, last }: Drawn,
  { at, value, begins, flat }: StrokePoint,
  { now, unit, rating }: { now: number; unit: 'A' | 'W'; rating: EvseRating | undefined },
): Drawn | undefined {
  const cell = Math.floor((at - now) / 60 / CELL_MINUTES);
  if (cell < 0) return undefined;
  const here = roundLimit(value, unit, rating);
  const before = begins ? undefined : last;
  const level = before?.level ?? here;
  const drawn = new Map(cells);
  // Cells that the pointer passed too fast get this limit, the one that it left keeps its own.
  const left = before?.cell ?? cell;
  const step = Math.sign(cell - left);
  for (let n = left + step; n !== cell; n += step) drawn.set(n, flat ? level : here);
  drawn.set(cell, flat ? level : here);
  return { cells: drawn, last: { cell, level } };
}

/** The draft of a profile, which the user types or draws on the chart. It opens at what holds on the session now. */
export function useProfileDraft(session: Pick<SessionView, 'limit'>, rating: EvseRating | undefined, now: () => number) {
  const [own, set] = useState<DraftState | undefined>(undefined);
  const [drawn, setDrawn] = useState<Drawn>({ cells: new Map(), last: undefined });
  const state = own ?? openingDraft(session, now());
  const change = (part: Partial<DraftState>) =>
    set((before) => {
      const next = { ...(before ?? openingDraft(session, now())), changed: true, ...part };
      return part.span === undefined && part.periods === undefined ? { ...next, span: spanFor(lengthOf(next, now())) } : next;
    });

  const draw = (point: StrokePoint, from: number) => {
    const next = drawPoint(drawn, point, { now: from, unit: state.unit, rating });
    if (!next) return;
    setDrawn(next);
    const { draft, minutes } = periodsOf(next.cells, CELL_MINUTES);
    change({ periods: draft, minutes, until: undefined, span: point.begins ? spanFor(lengthOf(state, from)) : state.span });
  };
  const reset = () => {
    setDrawn({ cells: new Map(), last: undefined });
    set(undefined);
  };
  return { state, change, draw, reset };
}
/** A draft with the functions that change it. */
export type ProfileDraft = ReturnType<typeof useProfileDraft>;

/** Whole amperes or 0.1 kW: a pointer is not more exact than that. */
const roundLimit = (watts: number, unit: 'A' | 'W', rating: EvseRating | undefined): number =>
  unit === 'A' && rating ? Math.round(amperesOf(watts, rating)) : Math.round(watts / 100) * 100;
