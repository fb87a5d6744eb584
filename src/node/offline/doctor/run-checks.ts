import type { Config } from '../../config/config.ts';
import type { Finding } from './finding.ts';
import { examineKept } from './kept.ts';
import { examineKeyFile } from './key-files.ts';
import { examineLocations } from './locations.ts';
import { examineMachine } from './machine.ts';
import { examinePorts } from './ports.ts';
import { examineStore } from './store.ts';
import { examineTls } from './tls-files.ts';

export type { Finding } from './finding.ts';

/** Checks all that a node with this configuration needs; a node that runs meanwhile is not disturbed. */
export async function examine(config: Config): Promise<readonly Finding[]> {
  const store = await examineStore(config);
  return [
    ...examineMachine(),
    ...examineKeyFile(config),
    ...store,
    ...(await examinePorts(config)),
    ...examineTls(config),
    ...examineLocations(config),
    ...(store.every(({ ok }) => ok) ? await examineKept(config) : []),
  ];
}
