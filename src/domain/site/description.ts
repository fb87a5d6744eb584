import type { Rotation } from './limit-tree.ts';

/** A site in plain words, as a configuration has it: the root of its tree. */
export interface SiteDescription extends NodeDescription {
  /** What `HH:MM` in schedules is read in, such as Europe/Amsterdam; UTC when absent. */
  time_zone?: string;
  /** V, line to neutral, of the grid; 230 when absent. */
  voltage?: number;
}

/** A connection, a panel or a group. `limit` and `schedule` may stand together: the lower holds. */
export interface NodeDescription {
  name: string;
  limit?: CeilingDescription;
  schedule?: readonly ScheduleEntry[];
  children?: readonly NodeDescription[];
  evses?: readonly EvseDescription[];
}

/** `a`: A on each phase; `w`: W over all phases. */
export interface CeilingDescription {
  a?: number;
  w?: number;
}

/** A limit from a time of the day (`HH:MM`, every day) or a moment (`2026-07-01T00:00:00Z`) until the next entry. */
export interface ScheduleEntry extends CeilingDescription {
  from: string;
}

export interface EvseDescription {
  uid: string;
  /** Needed by an EVSE of one or two phases; with three, all phases carry the same. */
  rotation?: Rotation;
  /** A, below which its cars do not charge; 6 when absent (IEC 61851-1). */
  minimum?: number;
}

/** One mistake in a description, where it stands and how to mend it. */
export interface SiteMistake {
  /** Keys from the list of sites on, with dots between: `0.children.1.limit`. */
  key: string;
  /** The names of the nodes that lead there. */
  path: string;
  says: string;
}
