import { useState } from 'preact/hooks';
import { amperesOf, type Outlet } from './quantity.ts';
import { type Draft, periodsOf } from './profile-periods.ts';

/** Minutes of one cell that the pointer paints. */
const CELL = 1;

export interface DraftState {
  unit: 'A' | 'W';
  periods: readonly Draft[];
  /** Absent: until the session ends. */
  minutes: number | undefined;
  /** The pointer paints on the chart. */
  painting: boolean;
  /** Whether somebody has begun to write or paint. */
  begun: boolean;
}

const blank = (unit: 'A' | 'W'): DraftState => ({
  unit,
  periods: [{ minute: 0, limit: unit === 'A' ? 10 : 7000 }],
  minutes: 15,
  painting: false,
  begun: false,
});

/** A profile that is being written: typed, or painted on the chart. */
export function useDraft(outlet: Outlet | undefined) {
  const [state, set] = useState<DraftState>(() => blank('A'));
  const [cells, setCells] = useState<ReadonlyMap<number, number>>(new Map());
  const [pen, setPen] = useState<number | undefined>(undefined);
  const change = (part: Partial<DraftState>) => set((before) => ({ ...before, begun: true, ...part }));

  /** Takes one point of a stroke: the moment and W under the pointer, and whether a new stroke begins. */
  const paint = (stroke: { at: number; value: number; begins: boolean }, now: number) => {
    const cell = Math.floor((stroke.at - now) / 60 / CELL);
    if (cell < 0) return;
    const limit = snap(stroke.value, state.unit, outlet);
    const from = stroke.begins || pen === undefined ? cell : pen;
    const painted = new Map(cells);
    for (let at = Math.min(from, cell); at <= Math.max(from, cell); at++) painted.set(at, limit);
    setCells(painted);
    setPen(cell);
    const { draft, minutes } = periodsOf(painted, CELL);
    change({ periods: draft, minutes });
  };
  const reset = () => {
    setCells(new Map());
    setPen(undefined);
    set(blank(state.unit));
  };
  return { state, change, paint, reset };
}
export type DraftDesk = ReturnType<typeof useDraft>;

/** Whole amperes or hundreds of watts: a hand is not finer than that. */
const snap = (watts: number, unit: 'A' | 'W', outlet: Outlet | undefined): number =>
  unit === 'A' && outlet ? Math.round(amperesOf(watts, outlet)) : Math.round(watts / 100) * 100;
