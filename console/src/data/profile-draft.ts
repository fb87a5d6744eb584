import { useState } from 'preact/hooks';
import { type DraftPeriod, periodsOf } from './profile-periods.ts';
import { amperesOf, type EvseRating } from './quantity.ts';

/** Minutes of one cell that the pointer draws. */
const CELL_MINUTES = 1;

/** A profile that is not sent yet. */
export interface DraftState {
  unit: 'A' | 'W';
  periods: readonly DraftPeriod[];
  /** How long the profile holds; undefined: until the session ends. */
  minutes: number | undefined;
  /** The pointer draws on the chart. */
  drawing: boolean;
  /** The user has changed something. */
  changed: boolean;
}

const emptyDraft = (unit: 'A' | 'W'): DraftState => ({
  unit,
  periods: [{ minute: 0, limit: unit === 'A' ? 10 : 7000 }],
  minutes: 15,
  drawing: false,
  changed: false,
});

/** The draft of a profile, which the user types or draws on the chart. */
export function useProfileDraft(rating: EvseRating | undefined) {
  const [state, set] = useState<DraftState>(() => emptyDraft('A'));
  const [cells, setCells] = useState<ReadonlyMap<number, number>>(new Map());
  const [lastCell, setLastCell] = useState<number | undefined>(undefined);
  const change = (part: Partial<DraftState>) => set((before) => ({ ...before, changed: true, ...part }));

  /** Adds one point of a stroke: epoch seconds and W under the pointer, and whether the stroke begins there. */
  const draw = (stroke: { at: number; value: number; begins: boolean }, now: number) => {
    const cell = Math.floor((stroke.at - now) / 60 / CELL_MINUTES);
    if (cell < 0) return;
    const limit = roundLimit(stroke.value, state.unit, rating);
    const from = stroke.begins || lastCell === undefined ? cell : lastCell;
    const drawn = new Map(cells);
    for (let at = Math.min(from, cell); at <= Math.max(from, cell); at++) drawn.set(at, limit);
    setCells(drawn);
    setLastCell(cell);
    const { draft, minutes } = periodsOf(drawn, CELL_MINUTES);
    change({ periods: draft, minutes });
  };
  const reset = () => {
    setCells(new Map());
    setLastCell(undefined);
    set(emptyDraft(state.unit));
  };
  return { state, change, draw, reset };
}
/** A draft with the functions that change it. */
export type ProfileDraft = ReturnType<typeof useProfileDraft>;

/** Whole amperes or hundreds of watts: a pointer is not more exact than that. */
const roundLimit = (watts: number, unit: 'A' | 'W', rating: EvseRating | undefined): number =>
  unit === 'A' && rating ? Math.round(amperesOf(watts, rating)) : Math.round(watts / 100) * 100;
