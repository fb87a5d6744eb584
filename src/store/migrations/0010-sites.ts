/** Limits imposed on nodes of sites, beside those of the configuration, until they are lifted. */
export const sites = (): readonly string[] => [
  `CREATE TABLE imposed_limit (
    node TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    at BIGINT NOT NULL)`,
];
