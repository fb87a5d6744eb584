import { parseConfig } from '../../src/node/config/config-file.ts';
import { openLog } from '../../src/node/core/log.ts';
import { createNode, type Node } from '../../src/node/node.ts';
import { serveCalls, usage } from '../child-program.ts';
import { emspSettings, type NodeSetup } from './settings.ts';

let node: Node | undefined;
let startedAt = 0;
/** Sessions received by pulls since the start. */
let pulled = 0;
/** The pending call of `caughtUp`. */
let waiting: { count: number; resolve: () => void; reject: (why: Error) => void } | undefined;

const write = openLog('warn');
/** The log as `serve` writes it, which also counts pulled sessions. */
const log: typeof write = (level, event, facts) => {
  if (event === 'session-received' && facts.by === 'pull') {
    pulled += 1;
    if (waiting && pulled >= waiting.count) waiting.resolve();
  }
  if (event === 'failed') waiting?.reject(new Error(`${facts.what}: ${facts.error}`));
  write(level, event, facts);
};

async function open(setup: Omit<NodeSetup, 'stations'>): Promise<{ port: number }> {
  const config = parseConfig(emspSettings(setup));
  if (!config.ok) throw new Error(JSON.stringify(config.problem));
  startedAt = performance.now();
  node = await createNode(config.value, { log });
  return { port: Number(new URL(node.publicUrl).port) };
}

/** Registers at a CPO. */
async function register({ versionsUrl, token }: { versionsUrl: string; token: string }): Promise<void> {
  const registered = await node?.registration.register(versionsUrl, token);
  if (!registered?.ok) throw new Error(registered?.problem ?? 'call open first');
}

/** Invites an SCSP. */
async function invite(): Promise<{ versionsUrl: string; token: string }> {
  const token = await node?.registration.invite({ role: 'SCSP', country_code: 'NL', party_id: 'SCS' });
  if (!token?.ok) throw new Error(token?.problem ?? 'call open first');
  return { versionsUrl: `${node?.publicUrl}/ocpi/versions`, token: token.value };
}

/** Resolves when `count` sessions were pulled and stored, with the seconds since the start of the node; rejects when a job of the node fails. */
async function caughtUp(count: number): Promise<{ seconds: number }> {
  if (pulled < count) await new Promise<void>((resolve, reject) => (waiting = { count, resolve, reject }));
  return { seconds: (performance.now() - startedAt) / 1000 };
}

/** kWh of the session that changed last. */
const newestEnergy = async (): Promise<number | undefined> => (await node?.sessions({ limit: 1 }))?.items[0]?.session.kwh;

const close = async (): Promise<void> => void (await node?.[Symbol.asyncDispose]());

/** A node with the role eMSP. */
export const handlers = { open, register, invite, caughtUp, newestEnergy, close, usage };
serveCalls(handlers);
