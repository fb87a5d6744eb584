import type { Rotation } from './limit-tree.ts';

/** A site as configured: the root of its tree of limits. */
export interface SiteDescription extends NodeDescription {
  /** The IANA time zone of `HH:MM` in schedules, such as Europe/Amsterdam; UTC when absent. */
  time_zone?: string;
  /** The grid voltage in V, line to neutral; 230 when absent. */
  voltage?: number;
}

/** A grid connection, a panel or a group. With both `limit` and `schedule`, the lower applies. */
export interface NodeDescription {
  name: string;
  limit?: CeilingDescription;
  schedule?: readonly ScheduleEntry[];
  /** The meter of a building behind this node, whose load is taken off its limit. */
  meter?: MeterDescription;
  children?: readonly NodeDescription[];
  evses?: readonly EvseDescription[];
}

/** The meter of a building: it measures what is behind a node, without its EVSEs. */
export interface MeterDescription {
  /** What the EVSEs may draw together while the meter is silent. */
  fallback: CeilingDescription;
  /** A on each phase that stay free above the measured load; 2 when absent. */
  margin?: number;
}

/** A ceiling: `a` in A on each phase, `w` in W over all phases. */
export interface CeilingDescription {
  a?: number;
  w?: number;
}

/** A ceiling from a time of day (`HH:MM`, every day) or a date and time (`2026-07-01T00:00:00Z`) until the next entry. */
export interface ScheduleEntry extends CeilingDescription {
  from: string;
}

/** An EVSE below a node. */
export interface EvseDescription {
  uid: string;
  /** Required for an EVSE of one or two phases. An EVSE of three phases loads all phases equally. */
  rotation?: Rotation;
  /** The minimum charging current in A; 6 when absent (IEC 61851-1). */
  minimum?: number;
}

/** One error in a site description: where it is and how to correct it. */
export interface SiteMistake {
  /** The path of keys from the list of sites: `0.children.1.limit`. */
  key: string;
  /** The path of node names. */
  path: string;
  says: string;
}
