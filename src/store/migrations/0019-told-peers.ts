/**
 * `location.audience` says which peers are told of an own location. `peer.told` is a hash of the parties and modules that the peer got
 * with our credentials last; NULL: not known, so the peer gets them again. `hub_party.approved`: the operator let the party in behind
 * the hub; 1 until the running node has noticed it, 2 afterwards.
 */
export const toldPeers = (): readonly string[] => [
  "ALTER TABLE location ADD COLUMN audience TEXT NOT NULL DEFAULT 'ALL'",
  'ALTER TABLE peer ADD COLUMN told TEXT',
  'ALTER TABLE hub_party ADD COLUMN approved BIGINT NOT NULL DEFAULT 0',
  'CREATE INDEX hub_party_approved ON hub_party (seq) WHERE approved = 1',
];
