import type { Random } from '../../sim/index.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { Config } from '../../src/node/config/config.ts';
import { createNode, type Node } from '../../src/node/node.ts';
import type { Store } from '../../src/store/store.ts';

/** One life of a node, from its start to its stop. */
export interface Life {
  node: Node;
  /** Stops the node as an operator would. */
  stop(): Promise<void>;
  /** Whether the stop has begun. */
  hasStopped(): boolean;
  /** What went wrong since the stop began. */
  faults: readonly string[];
  /** Calls of the store between the begin and the end of the stop: what was under way. */
  callsWhileStopping(): number;
}

interface Watching {
  clock: Clock;
  random: Random;
  /** What its faults begin with. */
  name: string;
}

/** Most milliseconds that a call of the store takes longer than it must: so that more is under way when the stop begins. */
const SLOWNESS_MS = 4;

/** Starts a node whose log and store are watched. */
export async function begin(config: Config, { clock, random, name }: Watching): Promise<Life> {
  const faults: string[] = [];
  let calls = 0;
  let phase: 'runs' | 'stops' | 'stopped' = 'runs';
  const note = (what: string) => faults.push(`${name}: ${what}`);
  async function watched<R>(act: string, perform: () => Promise<R>): Promise<R> {
    if (phase === 'stops') calls += 1;
    if (phase === 'stopped') note(`${act} after the end`);
    try {
      await new Promise((then) => setTimeout(then, random.integer(0, SLOWNESS_MS)));
      return await perform();
    } catch (error) {
      if (phase !== 'runs') note(`${act} failed: ${error}`);
      throw error;
    }
  }
  const node = await createNode(config, {
    clock,
    log: (level, event, facts) => {
      if (level === 'error' && phase !== 'runs') note(`${event} ${JSON.stringify(facts)}`);
    },
    aroundStore: (store): Store => ({
      ...store,
      commit: (writes) => watched('commit', () => store.commit(writes)),
      all: (query) => watched(query.name, () => store.all(query)),
      first: (query) => watched(query.name, () => store.first(query)),
    }),
  });
  return {
    node,
    stop: async () => {
      phase = 'stops';
      await node[Symbol.asyncDispose]();
      phase = 'stopped';
    },
    hasStopped: () => phase !== 'runs',
    faults,
    callsWhileStopping: () => calls,
  };
}
