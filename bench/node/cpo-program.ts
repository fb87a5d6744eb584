import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseConfig } from '../../src/node/config/config-file.ts';
import { openLog } from '../../src/node/core/log.ts';
import { createNode, type Node } from '../../src/node/node.ts';
import { serveCalls, usage } from '../child-program.ts';
import { cpoSettings, type NodeSetup } from './settings.ts';

let node: Node | undefined;
let key = '';
let locationChangedAt = 0;
/** No change of a location for this time: its charge points have reported everything. */
const QUIET_MS = 1_000;

async function open(setup: NodeSetup): Promise<{ versionsUrl: string; token: string; ocppPort: number }> {
  const config = parseConfig(cpoSettings(setup));
  if (!config.ok) throw new Error(JSON.stringify(config.problem));
  // Level warn: without it the log has a line for each connection of a charge point.
  node = await createNode(config.value, { log: openLog('warn') });
  node.journal.onStep(({ step }) => {
    if (step === 'location-changed') locationChangedAt = Date.now();
  });
  key = (await node.keys.add({ name: 'bench', scope: 'view' })).key;
  const token = await node.registration.invite({ role: 'EMSP', country_code: 'NL', party_id: 'MSP' });
  if (!token.ok) throw new Error(token.problem);
  return { versionsUrl: `${node.publicUrl}/ocpi/versions`, token: token.value, ocppPort: node.ocppPort ?? 0 };
}

/** Resolves with the time of the last change of a location, in ms, once this many EVSEs of the newest location are available. */
async function locationSettled({ evses }: { evses: number }): Promise<number> {
  for (;;) {
    await sleep(200);
    if (Date.now() - locationChangedAt < QUIET_MS) continue;
    const settledAt = locationChangedAt;
    const answer = await fetch(`${node?.publicUrl}/api/v1/locations?limit=1`, { headers: { Authorization: `Bearer ${key}` } });
    if (((await answer.text()).match(/"AVAILABLE"/g) ?? []).length >= evses) return settledAt;
  }
}

/** Bytes in use after a garbage collection; needs --expose-gc. */
function usedMemory(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const loop = monitorEventLoopDelay({ resolution: 5 });
loop.enable();

/** Memory after a garbage collection (bytes; needs --expose-gc), and the delay of the event loop since the last call (ms). */
function vitals(): { rss: number; heap: number; loopP99: number } {
  const loopP99 = loop.percentile(99) / 1e6;
  globalThis.gc?.();
  loop.reset();
  const { heapUsed: heap, rss } = process.memoryUsage();
  return { rss, heap, loopP99 };
}

/** Milliseconds from a request for a list of sessions until its last byte. */
async function timeList(query: string): Promise<number> {
  const began = performance.now();
  const answer = await fetch(`${node?.publicUrl}/api/v1/sessions?${query}`, { headers: { Authorization: `Bearer ${key}` } });
  const { items }: { items: readonly unknown[] } = JSON.parse(await answer.text());
  if (items.length === 0) throw new Error(`no session matches ${query}`);
  return performance.now() - began;
}

const close = async (): Promise<void> => void (await node?.[Symbol.asyncDispose]());

/** A node with the role CPO. */
export const handlers = { open, close, usage, usedMemory, locationSettled, timeList, vitals };
serveCalls(handlers);
