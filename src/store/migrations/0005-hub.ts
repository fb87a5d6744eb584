/**
 * The parties behind hubs, and a view of the peer that speaks for each party: the party's own platform if it is registered, else the
 * hub that announced it first. `announced` is 0 for a party whose hub only reported its connection status.
 */
export const hub = (serial: string): readonly string[] => [
  `CREATE TABLE hub_party (
    seq ${serial},
    hub TEXT NOT NULL,
    role TEXT NOT NULL,
    party TEXT NOT NULL,
    name TEXT NOT NULL,
    announced BIGINT NOT NULL,
    status TEXT NOT NULL,
    last_updated BIGINT NOT NULL,
    body TEXT,
    UNIQUE (hub, role, party))`,
  'CREATE INDEX hub_party_party ON hub_party (party)',
  'CREATE INDEX peer_party_party ON peer_party (party)',
  `CREATE VIEW spoken_for AS
    SELECT role, party, peer FROM peer_party
    UNION ALL SELECT behind.role, behind.party, behind.hub AS peer FROM hub_party AS behind WHERE behind.announced = 1
      AND NOT EXISTS (SELECT 1 FROM peer_party WHERE peer_party.party = behind.party AND peer_party.peer <> behind.hub)
      AND NOT EXISTS (SELECT 1 FROM hub_party AS other WHERE other.party = behind.party AND other.hub <> behind.hub
        AND other.announced = 1 AND other.seq < behind.seq)`,
];
