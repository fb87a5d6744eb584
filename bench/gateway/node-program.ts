import { parseConfig } from '../../src/node/config/config-file.ts';
import { openLog } from '../../src/node/core/log.ts';
import { createNode, type Node } from '../../src/node/node.ts';
import { serveCalls, usage } from '../child-program.ts';
import { cpoSettings, type NodeSetup } from '../node/settings.ts';

let node: Node | undefined;

async function open(setup: NodeSetup): Promise<{ url: string }> {
  const config = parseConfig(cpoSettings(setup));
  if (!config.ok) throw new Error(JSON.stringify(config.problem));
  node = await createNode(config.value, { log: openLog('warn') });
  return { url: `ws://127.0.0.1:${node.ocppPort}/ocpp` };
}

/** Bytes of live objects and buffers after a garbage collection; needs --expose-gc. */
function live(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A node with all charge points behind a CSMS. */
export const handlers = { open, usage, live };
serveCalls(handlers);
