import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../../sim/clock.ts';
import { stationId } from '../../domain/ids.ts';
import { epochMillis, seconds } from '../../domain/units.ts';
import { Keep, type StationCall } from './keep.ts';
import type { SendOnAnswer } from './kept-message.ts';
import { type Fate, fakeStore, KeptDisk } from './kept-store.fixture.ts';

const NOW = epochMillis(Date.parse('2026-03-10T07:30:00Z'));
const turns = async () => {
  for (let n = 0; n < 3; n += 1) await new Promise<void>((done) => setImmediate(done));
};

/** Pseudo-random numbers from 0 up to 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One message of a station, with its number in the order of events. */
interface Event {
  n: number;
  action: 'StartTransaction' | 'MeterValues' | 'StopTransaction';
  transaction: number;
}
const script: readonly Event[] = [0, 1, 2].flatMap((transaction) =>
  (['StartTransaction', 'MeterValues', 'MeterValues', 'StopTransaction'] as const).map((action, n) => ({ n: transaction * 4 + n, action, transaction })),
);

/** A CSMS that records what reaches it, and gives each StartTransaction a new id. */
class RecordingCsms {
  readonly got: number[] = [];
  readonly wrongIds: string[] = [];
  readonly #given: number[][] = [[], [], []];
  #next = 100;

  receive(text: string): object {
    const [, , action, { n, transaction, transactionId }] = JSON.parse(text);
    this.got.push(n);
    const given = this.#given[transaction] ?? [];
    if (action !== 'StartTransaction') {
      if (!given.includes(transactionId)) this.wrongIds.push(`${action} ${n}: ${transactionId}`);
      return {};
    }
    this.#next += 1;
    given.push(this.#next);
    return { transactionId: this.#next, idTagInfo: { status: 'Accepted' } };
  }
}

/** A station, a process with a `Keep` that is killed and started again, and a CSMS that comes and goes. */
class World {
  readonly csms = new RecordingCsms();
  readonly clock = virtualClock(NOW, turns);
  /** Deliveries that may have to be repeated: the answer was lost, the store failed, or the process was killed. */
  faults = 0;
  calm = false;
  keep!: Keep;
  #process = { dead: false, died: Promise.withResolvers<'dead'>() };
  readonly #disk = new KeptDisk();
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomOf(seed);
  }

  happens(chance: number): boolean {
    return !this.calm && this.#random() < chance;
  }

  /** The result of work of the process; `dead` when it is killed before. */
  async alive<T>(work: Promise<T>): Promise<T | 'dead'> {
    return Promise.race([work, this.#process.died.promise]);
  }

  /** Ends both legs at once: the station lacks an answer, and so may the sending. */
  kill(): void {
    this.faults += 2;
    this.#process.dead = true;
    this.#process.died.resolve('dead');
  }

  async start(): Promise<void> {
    const process = { dead: false, died: Promise.withResolvers<'dead'>() };
    this.#process = process;
    const fate = (): Fate => {
      if (process.dead) return 'never-before';
      if (this.happens(0.03)) {
        this.kill();
        return this.#random() < 0.5 ? 'never-before' : 'never-after';
      }
      if (!this.happens(0.05)) return 'fine';
      this.faults += 1;
      return this.#random() < 0.5 ? 'before' : 'after';
    };
    const keep = await this.alive(
      Keep.open({
        station: stationId('CP1'),
        version: '1.6',
        policy: { messages: 100, days: 7, heartbeat: seconds(300) },
        store: fakeStore(this.#disk, fate),
        clock: this.clock,
        decide: async () => ({ status: 'Accepted' }),
        log: () => undefined,
        count: () => undefined,
      }).catch(() => 'dead' as const),
    );
    if (keep === 'dead') return this.start();
    this.keep = keep;
  }

  comeAndGo(): void {
    if (this.happens(0.2)) this.keep.csmsIsAway();
    else if (this.happens(0.3)) this.bringBack();
  }

  bringBack(): void {
    const process = this.#process;
    const { keep } = this;
    keep.csmsIsBack(async (text): Promise<SendOnAnswer> => {
      await Promise.resolve();
      if (process.dead) return new Promise(() => undefined);
      if (this.happens(0.1)) return this.#lose(keep);
      const payload = this.csms.receive(text);
      await turns();
      if (this.happens(0.05)) this.kill();
      if (process.dead) return new Promise(() => undefined);
      return this.happens(0.1) ? this.#lose(keep) : { is: 'result', payload };
    });
  }

  #lose(keep: Keep): SendOnAnswer {
    this.faults += 1;
    keep.csmsIsAway();
    return { is: 'lost' };
  }

  /** Sends a message until it is answered, as a station does; returns the payload of the answer. */
  async send(call: StationCall): Promise<unknown> {
    for (;;) {
      if (this.#process.dead) await this.start();
      this.comeAndGo();
      if (this.happens(0.3)) await this.clock.advance(6_000);
      const answer = await this.#try(call);
      if (answer !== undefined) return answer;
    }
  }

  async #try(call: StationCall): Promise<unknown> {
    const taken = await this.alive(this.keep.take(call));
    if (taken === 'dead') return undefined;
    if (taken.is === 'answer') {
      const [type, , payload] = JSON.parse(taken.text);
      return type === 3 ? payload : undefined;
    }
    if (this.happens(0.1)) {
      this.#lose(this.keep);
      return undefined;
    }
    const payload = this.csms.receive(taken.text);
    if (this.happens(0.1)) {
      this.#lose(this.keep);
      return undefined;
    }
    const text = await this.alive(this.keep.answered(call, { payload, text: JSON.stringify([3, call.id, payload]) }).catch(() => 'dead' as const));
    return text === 'dead' ? undefined : JSON.parse(text)[2];
  }
}

async function run(seed: number): Promise<World> {
  const world = new World(seed);
  await world.start();
  const ids: number[] = [];
  for (const { n, action, transaction } of script) {
    const payload = { n, transaction, idTag: 'GOOD', ...(action !== 'StartTransaction' && { transactionId: ids[transaction] }) };
    const answer = await world.send({ id: `m${n}`, action, payload, text: JSON.stringify([2, `m${n}`, action, payload]) });
    if (action === 'StartTransaction') ids[transaction] = Number(Object(answer).transactionId);
  }
  world.calm = true;
  world.kill();
  await world.start();
  world.bringBack();
  for (let n = 0; n < 100 && world.keep.waiting > 0; n += 1) await world.clock.advance(6_000);
  return world;
}

describe('GW-K10: random runs in which the CSMS comes and goes, the store fails and the process is killed at any moment', () => {
  test.each(Array.from({ length: 20 }, (_, n) => n * 20))('20 runs from seed %i: every message reaches the CSMS in order, with the right id', async (first) => {
    for (let seed = first; seed < first + 20; seed += 1) {
      const { csms, keep, faults } = await run(seed);
      const { got } = csms;
      const at = `seed ${seed}: ${got.join(' ')}`;
      expect([...new Set(got)], at).toEqual(script.map(({ n }) => n));
      expect(got, at).toEqual([...got].sort((a, b) => a - b));
      // A message comes twice only where a station without a gateway would have repeated it: after a fault.
      expect(got.length - script.length, at).toBeLessThanOrEqual(faults);
      expect([csms.wrongIds, keep.waiting], at).toEqual([[], 0]);
    }
  });
});
