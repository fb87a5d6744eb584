import { afterAll, beforeAll, expect, test } from 'vitest';
import { realClock, seeded } from '../../sim/index.ts';
import type { Config } from '../../src/node/config/config.ts';
import { parseConfig } from '../../src/node/config/config-file.ts';
import { freePorts } from '../free-ports.ts';
import { databaseFor, ownKeyFile, type StoreKind, stores } from '../world.ts';
import { begin, type Life } from './stopped-lives.ts';
import { type Kind, kinds, openLoad } from './under-load.ts';

/** The same seed gives the same load and the same pauses; where a stop falls in them is the machine's. */
const SEED = process.env.EVENKEEL_SEED ?? 'evenkeel';
/** Stops in all, spread over the kinds of node and the stores. */
const STOPS = Number(process.env.EVENKEEL_STOPS ?? 200);
/** Time runs faster, so that timers and jobs fall into lives of some milliseconds too. */
const SPEED = 10;
/** The longest life, in ms. */
const LIFE_MS = 60;

const pause = (milliseconds: number) => new Promise<void>((then) => setTimeout(then, milliseconds));
const cases = stores.flatMap((store) => kinds.map((kind) => ({ store, kind })));
const each = Math.ceil(STOPS / cases.length);

/** No life may leave a rejection, a warning or a line on standard error to the process. */
const complaints: string[] = [];
const complain = (error: unknown) => complaints.push(String(error));
const { write } = process.stderr;
beforeAll(() => {
  console.log(`EVENKEEL_SEED=${SEED} EVENKEEL_STOPS=${STOPS}`);
  process.on('unhandledRejection', complain);
  process.on('warning', complain);
  process.stderr.write = (text: string | Uint8Array) => complaints.push(`stderr: ${text}`) > 0;
});
afterAll(() => {
  process.off('unhandledRejection', complain);
  process.off('warning', complain);
  process.stderr.write = write;
});

test.concurrent.each(cases)(
  'R-08, G-23: what runs when a node stops is awaited or ended, and nothing reaches the store afterwards ($kind, $store)',
  async ({ kind, store }) => {
    const lives = await stopOften(kind, store);
    expect(lives.flatMap(({ faults }) => faults)).toEqual([]);
    expect(complaints).toEqual([]);
    // The load is not for show: many stops found calls of the store under way.
    expect(lives.filter((life) => life.callsWhileStopping() > 0).length).toBeGreaterThan(lives.length / 4);
  },
  120_000,
);

async function stopOften(kind: Kind, store: StoreKind): Promise<readonly Life[]> {
  const clock = realClock({ speed: SPEED });
  const random = seeded(`${SEED} ${kind} ${store}`);
  await using stack = new AsyncDisposableStack();
  const load = stack.use(await openLoad(kind, { clock, random }));
  const [port = 0, ocppPort = 0] = await freePorts(2);
  const place = { public_url: `http://127.0.0.1:${port}`, listen: { port }, insecure_http: true, database: await databaseFor(store, stack) };
  const parsed = parseConfig(JSON.stringify({ ...place, ...ownKeyFile(store, stack), ...load.config }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  // The others find each life at the same address.
  const config: Config = { ...parsed.value, ...(parsed.value.ocpp && { ocpp: { ...parsed.value.ocpp, port: ocppPort } }) };
  const lives: Life[] = [];
  for (let n = 1; n <= each; n += 1) {
    const life = await begin(config, { clock, random, name: `${kind} on ${store}, stop ${n}` });
    lives.push(life);
    if (n === 1) await load.meet(life.node);
    load.keepBusy(life.node, life.hasStopped);
    await pause(random.integer(0, LIFE_MS));
    await life.stop();
  }
  await pause(LIFE_MS); // for what may come late
  return lives;
}
