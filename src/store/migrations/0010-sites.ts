/** The table of limits that are imposed on nodes of sites, in addition to the configured ones, until they are lifted. */
export const sites = (): readonly string[] => [
  `CREATE TABLE imposed_limit (
    node TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    at BIGINT NOT NULL)`,
];
