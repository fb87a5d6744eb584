import { parseConfig } from '../../src/node/config/config-file.ts';
import { openLog } from '../../src/node/core/log.ts';
import { createNode, type Node } from '../../src/node/node.ts';
import { serveCalls, usage } from '../child-program.ts';
import { cpoSettings, type NodeSetup } from './settings.ts';

let node: Node | undefined;

async function open(house: NodeSetup): Promise<{ versionsUrl: string; token: string; ocppPort: number }> {
  const config = parseConfig(cpoSettings(house));
  if (!config.ok) throw new Error(JSON.stringify(config.problem));
  // The log as `serve` writes it, but for the lines about each station's connection.
  node = await createNode(config.value, { log: openLog('warn') });
  const token = await node.registration.invite({ role: 'EMSP', country_code: 'NL', party_id: 'MSP' });
  if (!token.ok) throw new Error(token.problem);
  return { versionsUrl: `${node.publicUrl}/ocpi/versions`, token: token.value, ocppPort: node.ocppPort ?? 0 };
}

/** Bytes that are in use once the garbage is gone; needs --expose-gc. */
function held(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What the node under load is asked. */
export const handlers = { open, usage, held };
serveCalls(handlers);
