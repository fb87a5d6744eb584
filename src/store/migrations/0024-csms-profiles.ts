import type { Step } from '../migration-step.ts';

/** The profiles that a CSMS set at a station behind this node, and ours beside them, as JSON by station. */
export const csmsProfiles = (): readonly Step[] => ['CREATE TABLE csms_profile (station TEXT PRIMARY KEY, body TEXT NOT NULL)'];
