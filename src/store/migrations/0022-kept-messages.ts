import type { Step } from '../migration-step.ts';

/**
 * Messages of charge points that wait for their CSMS, in the order in which they are sent on (`place` 0: before all others), and the
 * provisional transaction ids that charge points got while it was away. The text of a message is encrypted.
 */
export const keptMessages = (serial: string): readonly Step[] => [
  `CREATE TABLE kept_message (
    seq ${serial},
    station TEXT NOT NULL,
    place BIGINT NOT NULL,
    replaces TEXT,
    action TEXT NOT NULL,
    message_id TEXT NOT NULL,
    kept_at BIGINT NOT NULL,
    provisional BIGINT,
    body TEXT NOT NULL)`,
  'CREATE INDEX kept_message_station ON kept_message (station, place, seq)',
  'CREATE INDEX kept_message_replaces ON kept_message (station, replaces) WHERE replaces IS NOT NULL',
  'CREATE INDEX kept_message_at ON kept_message (station, kept_at)',
  `CREATE TABLE provisional_id (
    station TEXT NOT NULL,
    provisional BIGINT NOT NULL,
    csms BIGINT,
    ended_at BIGINT,
    PRIMARY KEY (station, provisional))`,
  'CREATE INDEX provisional_id_ended ON provisional_id (ended_at) WHERE ended_at IS NOT NULL',
];
