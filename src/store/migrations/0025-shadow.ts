import type { Step } from '../migration-step.ts';

/**
 * What the node would have sent to charge points that it only observes: each request, and figures by day (UTC) of each charge point and site.
 * Whole numbers: W, mWh, mA and s.
 */
export const shadow = (serial: string): readonly Step[] => [
  `CREATE TABLE shadow (
    seq ${serial},
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    station TEXT NOT NULL,
    evse TEXT NOT NULL,
    session_key TEXT,
    party TEXT,
    site TEXT,
    exchange TEXT,
    asked TEXT NOT NULL,
    limit_w BIGINT,
    metered_w BIGINT)`,
  'CREATE INDEX shadow_at ON shadow (at)',
  'CREATE INDEX shadow_station ON shadow (station, seq)',
  `CREATE TABLE shadow_day (
    seq ${serial},
    day BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    site TEXT NOT NULL,
    sets BIGINT NOT NULL,
    clears BIGINT NOT NULL,
    gets BIGINT NOT NULL,
    site_limits BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    measured_s BIGINT NOT NULL,
    lowered_mwh BIGINT NOT NULL,
    lowered_peak_w BIGINT NOT NULL,
    above_s BIGINT NOT NULL,
    above_peak_ma BIGINT NOT NULL,
    above_peak_w BIGINT NOT NULL,
    UNIQUE (day, kind, name))`,
];
