import { setTimeout as sleep } from 'node:timers/promises';
import type { Emsp } from './emsp.ts';
import type { Load } from './load.ts';
import { type MinimalStation, stationName } from './station.ts';

const PUSH_TIMEOUT_MS = 30_000;

/** Ends sessions and starts new ones beside a load, one charge point after another. */
export class Renewals {
  readonly #emsp: Emsp;
  readonly #load: Load;
  readonly #stations: readonly MinimalStation[];
  #running: Promise<void> = Promise.resolve();
  #stopped = true;
  /** Sessions that were replaced. */
  count = 0;

  constructor(emsp: Emsp, load: Load, stations: readonly MinimalStation[]) {
    this.#emsp = emsp;
    this.#load = load;
    this.#stations = stations;
  }

  /** Replaces about this many sessions each second, until `stop`. */
  start(perSecond: number): void {
    this.#stopped = false;
    this.#running = this.#run(1000 / perSecond);
  }

  /** Resolves when no session is being replaced any more. */
  stop(): Promise<void> {
    this.#stopped = true;
    return this.#running;
  }

  async #run(pauseMs: number): Promise<void> {
    for (let number = 0; !this.#stopped; number = (number + 1) % this.#stations.length) {
      await Promise.all([this.#renew(number), sleep(pauseMs)]);
    }
  }

  async #renew(number: number): Promise<void> {
    const [station, uid] = [this.#stations[number], `${stationName(number)}-1`];
    const before = this.#emsp.sessions.get(uid);
    if (!station || before === undefined || !this.#load.removeSession(before)) return; // its turn comes again
    await station.endTransaction();
    await station.startTransaction();
    for (let waited = 0; this.#emsp.sessions.get(uid) === before && waited < PUSH_TIMEOUT_MS; waited += 10) await sleep(10);
    const session = this.#emsp.sessions.get(uid);
    if (session === undefined || session === before) throw new Error(`no new session of ${uid} was pushed within ${PUSH_TIMEOUT_MS / 1000} s`);
    this.#load.addSession(session);
    this.count += 1;
  }
}
