import { useState } from 'preact/hooks';
import { amperesOf, type EvseRating } from './quantity.ts';
import { type DraftPeriod, periodsOf } from './profile-periods.ts';

/** Minutes of one cell that the pointer paints. */
const CELL_MINUTES = 1;

export interface DraftState {
  unit: 'A' | 'W';
  periods: readonly DraftPeriod[];
  /** Absent: until the session ends. */
  minutes: number | undefined;
  /** The pointer paints on the chart. */
  drawing: boolean;
  /** Whether somebody has begun to write or paint. */
  changed: boolean;
}

const emptyDraft = (unit: 'A' | 'W'): DraftState => ({
  unit,
  periods: [{ minute: 0, limit: unit === 'A' ? 10 : 7000 }],
  minutes: 15,
  drawing: false,
  changed: false,
});

/** A profile that is being written: typed, or painted on the chart. */
export function useProfileDraft(outlet: EvseRating | undefined) {
  const [state, set] = useState<DraftState>(() => emptyDraft('A'));
  const [cells, setCells] = useState<ReadonlyMap<number, number>>(new Map());
  const [pen, setPen] = useState<number | undefined>(undefined);
  const change = (part: Partial<DraftState>) => set((before) => ({ ...before, changed: true, ...part }));

  /** Takes one point of a stroke: the moment and W under the pointer, and whether a new stroke begins. */
  const paint = (stroke: { at: number; value: number; begins: boolean }, now: number) => {
    const cell = Math.floor((stroke.at - now) / 60 / CELL_MINUTES);
    if (cell < 0) return;
    const limit = roundLimit(stroke.value, state.unit, outlet);
    const from = stroke.begins || pen === undefined ? cell : pen;
    const painted = new Map(cells);
    for (let at = Math.min(from, cell); at <= Math.max(from, cell); at++) painted.set(at, limit);
    setCells(painted);
    setPen(cell);
    const { draft, minutes } = periodsOf(painted, CELL_MINUTES);
    change({ periods: draft, minutes });
  };
  const reset = () => {
    setCells(new Map());
    setPen(undefined);
    set(emptyDraft(state.unit));
  };
  return { state, change, paint, reset };
}
export type ProfileDraft = ReturnType<typeof useProfileDraft>;

/** Whole amperes or hundreds of watts: a hand is not finer than that. */
const roundLimit = (watts: number, unit: 'A' | 'W', outlet: EvseRating | undefined): number =>
  unit === 'A' && outlet ? Math.round(amperesOf(watts, outlet)) : Math.round(watts / 100) * 100;
