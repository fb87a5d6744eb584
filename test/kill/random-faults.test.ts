import { expect, test } from 'vitest';
import { type AnswerBehaviour, type Fault, type Random, seeded } from '../../sim/index.ts';
import type { AskKind } from '../../src/domain/exchange.ts';
import { stores } from '../world.ts';
import { findViolations } from './checker.ts';
import { type KillWorld, openKillWorld, type StationName, VERSIONS } from './kill-world.ts';

/** The same seed gives the same faults in the same order; their times depend on the machine. */
const SEED = process.env.EVENKEEL_SEED ?? 'evenkeel';
const REQUESTS = 100;
const TIMEOUT = 10;
const NAMES = Object.keys(VERSIONS) as StationName[];

/** Picks one of several values by weight in percent, or `rest`. */
function pick<T>(random: Random, weighted: readonly [weight: number, make: () => T][], rest: T): T {
  let left = random.next() * 100;
  for (const [weight, make] of weighted) {
    left -= weight;
    if (left < 0) return make();
  }
  return rest;
}

const behaviourOf = (random: Random): AnswerBehaviour =>
  pick<AnswerBehaviour>(
    random,
    [
      [12, () => ({ is: 'late', milliseconds: random.integer(50, 1_500) })],
      [5, () => ({ is: 'twice' })],
      [5, () => ({ is: 'call-error', code: 'InternalError' })],
      [4, () => ({ is: 'answer', payload: { status: 'Rejected' } })],
      [3, () => ({ is: 'drop', done: false })],
      [3, () => ({ is: 'drop', done: true })],
      [3, () => ({ is: 'answer-on-new-socket' })],
      [2, () => ({ is: 'malformed' })],
      [2, () => ({ is: 'never' })],
    ],
    { is: 'plain' },
  );

const GOOD: Fault = { is: 'answer', http: 200, body: '{"status_code":1000,"timestamp":"2026-01-01T00:00:00Z"}' };
const faultOf = (random: Random): Fault =>
  pick<Fault>(
    random,
    [
      [6, () => ({ is: 'answer', http: 500 })],
      [3, () => ({ is: 'ocpi', code: 2000 })],
      [3, () => ({ is: 'trickle', everyMilliseconds: 20 })],
      [3, () => ({ is: 'reset' })],
      [2, () => ({ is: 'hang' })],
    ],
    GOOD,
  );

const list = <T>(length: number, make: () => T): T[] => Array.from({ length }, make);

interface Driver {
  world: KillWorld;
  session: string;
  connected: () => Promise<void>;
  random: Random;
}
/** Sends many requests about one session, at random times. */
async function sendRequests({ world, session, connected, random }: Driver, requestSent: () => Promise<void>): Promise<void> {
  for (let n = 0; n < REQUESTS; n += 1) {
    const kind = pick<AskKind>(
      random,
      [
        [25, () => 'get'],
        [15, () => 'clear'],
      ],
      'set',
    );
    await pause(random.integer(0, 120));
    const { answer } = await world.request(kind, session, random.integer(6, 32));
    const running = requestSent();
    if (answer === 'lost') await running;
    await Promise.race([connected(), world.node.ended().then(() => running)]);
  }
}
const pause = (milliseconds: number) => new Promise<void>((then) => setTimeout(then, milliseconds));

test.concurrent.each(stores)(
  'G-05, G-06, G-20: every invariant holds while charge points, peers and the node fail at random (%s)',
  async (kind) => {
    console.log(`EVENKEEL_SEED=${SEED}`);
    const random = seeded(`${SEED} ${kind}`);
    await using world = await openKillWorld(kind, TIMEOUT);
    const drivers: Driver[] = [];
    for (const name of NAMES) {
      const own = random.branch(name);
      const { station, session, connected } = await world.station(name);
      const behaviours = () => list(2 * REQUESTS, () => behaviourOf(own));
      station.behave({ answers: { SetChargingProfile: behaviours(), GetCompositeSchedule: behaviours(), ClearChargingProfile: behaviours() } });
      drivers.push({ world, session, connected, random: own });
    }
    world.emsp.behave({ callback: list(4 * REQUESTS, () => faultOf(random)) });

    let count = 0;
    const kills = [random.integer(60, 120), random.integer(180, 240)];
    const killed: Promise<void>[] = [];
    /** Counts a request, and kills the node at the counts of `kills`; resolves when the node runs. */
    const requestSent = async () => {
      count += 1;
      if (count === kills[killed.length]) {
        world.node.signal('SIGKILL');
        killed.push(world.node.ended().then(() => world.node.start()));
      }
      await killed.at(-1);
    };
    await Promise.all(drivers.map((driver) => sendRequests(driver, requestSent)));
    await Promise.all(killed);
    await world.allEnded();

    const history = await world.history();
    expect(findViolations(history)).toEqual([]);
    expect(world.node.errors).toEqual([]);
    expect({ sent: history.sent.length, killed: killed.length }).toEqual({ sent: NAMES.length * REQUESTS, killed: 2 });
    expect(new Set(history.stored.map(({ state }) => state))).toContain('UNDELIVERED');
    expect(history.stored.length).toBeGreaterThan(60);
    console.log(countEach(history.stored.map(({ state, reason }) => `${state} ${reason?.split(':')[0]}`)), countEach(history.sent.map(({ answer }) => answer)));
  },
  120_000,
);

const countEach = (texts: readonly string[]) => Object.fromEntries([...new Set(texts)].map((text) => [text, texts.filter((it) => it === text).length]));
