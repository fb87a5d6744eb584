import type { RateUnit } from '../../domain/profile/index.ts';
import { renderTable } from '../table.ts';
import { afterStart } from './axis.ts';

interface Periods {
  unit: RateUnit;
  periods: readonly { start: number; limit: number }[];
  /** s. */
  duration?: number;
}

/** The limits of a profile as a table, with the time from its start. A blank line ends it, so that several tables stay apart. */
export function periodTable({ unit, periods, duration }: Periods): string {
  const table = renderTable(
    [
      { title: 'AFTER START', text: (it) => afterStart(it.start) },
      { title: 'LIMIT', text: (it) => (it.limit === Number.POSITIVE_INFINITY ? 'no limit' : `${it.limit} ${unit}`), align: 'right' },
    ],
    periods,
  );
  return [...table, ...(duration === undefined ? [] : [`${afterStart(duration)}  end`]), ''].join('\n');
}
