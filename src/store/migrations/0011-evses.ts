/**
 * EVSEs get rows of their own, so that a change of one does not write its whole location. The body of a location that was stored
 * before keeps its EVSEs until the location is stored again. `version` counts the changes of a location, `changed` says at which
 * version each field changed last, `chars` is the size of its EVSEs, and `location_push.version` is what a peer has received.
 */
export const evses = (): readonly string[] => [
  `CREATE TABLE location_evse (
    location_key TEXT NOT NULL,
    uid TEXT NOT NULL,
    place BIGINT NOT NULL,
    version BIGINT NOT NULL,
    changed TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (location_key, uid))`,
  'CREATE INDEX location_evse_version ON location_evse (location_key, version)',
  'ALTER TABLE location ADD COLUMN version BIGINT NOT NULL DEFAULT 0',
  "ALTER TABLE location ADD COLUMN changed TEXT NOT NULL DEFAULT '{}'",
  'ALTER TABLE location ADD COLUMN chars BIGINT NOT NULL DEFAULT 0',
  'ALTER TABLE location_push ADD COLUMN version BIGINT',
];
