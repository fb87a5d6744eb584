/** Tables for own and remote locations, for the last reported status of EVSEs, and for a watermark of each pulled module. */
export const locations = (serial: string): readonly string[] => [
  `CREATE TABLE location (
    seq ${serial},
    key TEXT NOT NULL UNIQUE,
    peer TEXT,
    last_updated BIGINT NOT NULL,
    body TEXT NOT NULL)`,
  'CREATE INDEX location_updated ON location (last_updated)',
  `CREATE TABLE location_push (
    location_key TEXT NOT NULL,
    peer TEXT NOT NULL,
    acknowledged TEXT,
    failed BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (location_key, peer))`,
  `CREATE TABLE evse_status (
    station TEXT NOT NULL,
    evse_id BIGINT NOT NULL,
    connector_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (station, evse_id, connector_id))`,
  `CREATE TABLE module_watermark (
    peer TEXT NOT NULL,
    module TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (peer, module))`,
  "INSERT INTO module_watermark (peer, module, until) SELECT peer, 'sessions', until FROM watermark",
  'DROP TABLE watermark',
  'ALTER TABLE module_watermark RENAME TO watermark',
];
