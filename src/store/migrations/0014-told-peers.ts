/**
 * `location.audience` says which peers are told of an own location. `peer.told` is a hash of the parties and modules that the peer got
 * with our credentials last; NULL: not known, so the peer gets them again. `hub_party.approved`: the operator let the party in behind
 * the hub; 1 until the running node has noticed it, 2 afterwards. `hub_token_push`: the own tokens that each CPO behind a hub has acknowledged.
 */
export const toldPeers = (): readonly string[] => [
  "ALTER TABLE location ADD COLUMN audience TEXT NOT NULL DEFAULT 'ALL'",
  'ALTER TABLE peer ADD COLUMN told TEXT',
  'ALTER TABLE hub_party ADD COLUMN approved BIGINT NOT NULL DEFAULT 0',
  'CREATE INDEX hub_party_approved ON hub_party (seq) WHERE approved = 1',
  `CREATE TABLE hub_token_push (
    token BIGINT NOT NULL,
    peer TEXT NOT NULL,
    party TEXT NOT NULL,
    acknowledged TEXT NOT NULL,
    last_updated BIGINT NOT NULL,
    PRIMARY KEY (token, peer, party))`,
  'CREATE INDEX hub_token_push_peer ON hub_token_push (peer)',
  'DROP VIEW spoken_for',
  `CREATE VIEW spoken_for AS
    SELECT role, party, peer FROM peer_party
    UNION ALL SELECT behind.role, behind.party, behind.hub AS peer FROM hub_party AS behind WHERE behind.announced = 1
      AND NOT EXISTS (SELECT 1 FROM peer_party WHERE peer_party.party = behind.party AND peer_party.peer <> behind.hub)
      AND NOT EXISTS (SELECT 1 FROM hub_party AS other WHERE other.party = behind.party AND other.hub <> behind.hub AND other.announced = 1
        AND CASE WHEN (other.status = 'CONNECTED') = (behind.status = 'CONNECTED') THEN other.seq < behind.seq ELSE other.status = 'CONNECTED' END)`,
  'ALTER TABLE station ADD COLUMN reads_cards BIGINT NOT NULL DEFAULT 0',
  'UPDATE station SET reads_cards = 1 WHERE EXISTS (SELECT 1 FROM session WHERE session.station = station.id)',
];
