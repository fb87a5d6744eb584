import type { Config } from '../../config/config.ts';
import type { Finding } from './finding.ts';
import { checkStoredData } from './kept.ts';
import { checkKeyFile } from './key-files.ts';
import { checkLocations } from './locations.ts';
import { checkMachine } from './machine.ts';
import { checkPorts } from './ports.ts';
import { checkStore } from './store.ts';
import { checkTls } from './tls-files.ts';

export type { Finding } from './finding.ts';

/** Checks all that a node with this configuration needs; a node that runs meanwhile is not disturbed. */
export async function runChecks(config: Config): Promise<readonly Finding[]> {
  const store = await checkStore(config);
  return [
    ...checkMachine(),
    ...checkKeyFile(config),
    ...store,
    ...(await checkPorts(config)),
    ...checkTls(config),
    ...checkLocations(config),
    ...(store.every(({ ok }) => ok) ? await checkStoredData(config) : []),
  ];
}
