import { expect, test } from 'vitest';
import { type AnswerBehaviour, type ChargePoint, type Fault, type Random, seeded } from '../../sim/index.ts';
import type { AskKind } from '../../src/domain/exchange.ts';
import { stores } from '../world.ts';
import { findViolations } from './checker.ts';
import { type KillWorld, openKillWorld, type StationName, VERSIONS } from './kill-world.ts';

/** The same seed gives the same faults in the same order; the moments at which they fall are the machine's. */
const SEED = process.env.EVENKEEL_SEED ?? 'evenkeel';
const REQUESTS = 100;
const TIMEOUT = 10;
const NAMES = Object.keys(VERSIONS) as StationName[];

/** One of several by weight. */
function draw<T>(random: Random, weighed: readonly [weight: number, make: () => T][], rest: T): T {
  let left = random.next() * 100;
  for (const [weight, make] of weighed) {
    left -= weight;
    if (left < 0) return make();
  }
  return rest;
}

const mannerOf = (random: Random): AnswerBehaviour =>
  draw<AnswerBehaviour>(
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
  draw<Fault>(
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

interface Drive {
  arena: KillWorld;
  station: ChargePoint;
  session: string;
  random: Random;
}
/** One driver: many requests about one session, at moments of its own. */
async function drive({ arena, station, session, random }: Drive, asked: () => Promise<void>): Promise<void> {
  for (let n = 0; n < REQUESTS; n += 1) {
    const kind = draw<AskKind>(
      random,
      [
        [25, () => 'get'],
        [15, () => 'clear'],
      ],
      'set',
    );
    await pause(random.integer(0, 120));
    const { answer } = await arena.request(kind, session, random.integer(6, 32));
    const up = asked();
    if (answer === 'lost') await up;
    if (!station.connected) await Promise.race([arena.node.nextReport('connected'), arena.node.ended()]).catch(() => up);
  }
}
const pause = (milliseconds: number) => new Promise<void>((then) => setTimeout(then, milliseconds));

test.concurrent.each(stores)(
  'G-05, G-06, G-20: charge points, peers and the node itself fail at random, and every invariant holds (%s)',
  async (kind) => {
    console.log(`EVENKEEL_SEED=${SEED}`);
    const random = seeded(`${SEED} ${kind}`);
    await using arena = await openKillWorld(kind, TIMEOUT);
    const parked = [];
    for (const name of NAMES) {
      const own = random.branch(name);
      const { station, session } = await arena.station(name);
      const manners = () => list(2 * REQUESTS, () => mannerOf(own));
      station.behave({ answers: { SetChargingProfile: manners(), GetCompositeSchedule: manners(), ClearChargingProfile: manners() } });
      parked.push({ station, session, random: own });
    }
    arena.emsp.behave({ callback: list(4 * REQUESTS, () => faultOf(random)) });

    let count = 0;
    const kills = [random.integer(60, 120), random.integer(180, 240)];
    const killed: Promise<void>[] = [];
    /** Counts a request, and kills when its number is up; resolves when the node runs. */
    const asked = async () => {
      count += 1;
      if (count === kills[killed.length]) {
        arena.node.signal('SIGKILL');
        killed.push(arena.node.ended().then(() => arena.node.start()));
      }
      await killed.at(-1);
    };
    await Promise.all(parked.map(({ station, session, random: own }) => drive({ arena, station, session, random: own }, asked)));
    await Promise.all(killed);
    await arena.allEnded();

    const history = await arena.history();
    expect(findViolations(history)).toEqual([]);
    expect(arena.node.errors).toEqual([]);
    expect({ asked: history.sent.length, killed: killed.length }).toEqual({ asked: NAMES.length * REQUESTS, killed: 2 });
    expect(new Set(history.stored.map(({ state }) => state))).toContain('UNDELIVERED');
    expect(history.stored.length).toBeGreaterThan(60);
    console.log(tally(history.stored.map(({ state, reason }) => `${state} ${reason?.split(':')[0]}`)), tally(history.sent.map(({ answer }) => answer)));
  },
  120_000,
);

const tally = (words: readonly string[]) => Object.fromEntries([...new Set(words)].map((word) => [word, words.filter((it) => it === word).length]));
