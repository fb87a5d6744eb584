/**
 * `location.audience` says which peers are told of an own location. `peer.told` is a hash of the parties and modules that the peer got
 * with our credentials last; NULL: not known, so the peer gets them again.
 */
export const toldPeers = (): readonly string[] => [
  "ALTER TABLE location ADD COLUMN audience TEXT NOT NULL DEFAULT 'ALL'",
  'ALTER TABLE peer ADD COLUMN told TEXT',
];
