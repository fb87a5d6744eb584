import { parseConfig } from '../../src/node/config/config-file.ts';
import { openLog } from '../../src/node/core/log.ts';
import { createNode, type Node } from '../../src/node/node.ts';
import { serveCalls, usage } from '../child-program.ts';
import { emspSettings, type NodeSetup } from './settings.ts';

let node: Node | undefined;
let begunAt = 0;
/** Sessions that pulls have brought since the start, and who waits for how many. */
let pulled = 0;
let waiting: { count: number; then: () => void; fail: (why: Error) => void } | undefined;

/** The log as `serve` writes it; each session is counted on its way there. */
const logged = openLog('warn');
const log: typeof logged = (level, event, facts) => {
  if (event === 'session-came' && facts.by === 'pull') {
    pulled += 1;
    if (waiting && pulled >= waiting.count) waiting.then();
  }
  if (event === 'failed') waiting?.fail(new Error(`${facts.what}: ${facts.error}`));
  logged(level, event, facts);
};

async function open(house: Omit<NodeSetup, 'stations'>): Promise<{ port: number }> {
  const config = parseConfig(emspSettings(house));
  if (!config.ok) throw new Error(JSON.stringify(config.problem));
  begunAt = performance.now();
  node = await createNode(config.value, { log });
  return { port: Number(new URL(node.publicUrl).port) };
}

/** Registers at a CPO, as an operator would. */
async function register({ versionsUrl, token }: { versionsUrl: string; token: string }): Promise<void> {
  const registered = await node?.registration.register(versionsUrl, token);
  if (!registered?.ok) throw new Error(registered?.problem ?? 'not open');
}

/** Where an SCSP may register. */
async function invite(): Promise<{ versionsUrl: string; token: string }> {
  const token = await node?.registration.invite({ role: 'SCSP', country_code: 'NL', party_id: 'SCS' });
  if (!token?.ok) throw new Error(token?.problem ?? 'not open');
  return { versionsUrl: `${node?.publicUrl}/ocpi/versions`, token: token.value };
}

/** Resolves once so many sessions were pulled and kept, with the seconds since the node began to start; rejects when something fails meanwhile. */
async function caughtUp(count: number): Promise<{ seconds: number }> {
  if (pulled < count) await new Promise<void>((then, fail) => (waiting = { count, then, fail }));
  return { seconds: (performance.now() - begunAt) / 1000 };
}

/** The energy of the session that was changed last, as the node tells it to its own systems. */
const newest = async (): Promise<number | undefined> => (await node?.sessions({ limit: 1 }))?.items[0]?.session.kwh;

const close = async (): Promise<void> => void (await node?.[Symbol.asyncDispose]());

/** What the eMSP is asked. */
export const handlers = { open, register, invite, caughtUp, newest, close, usage };
serveCalls(handlers);
