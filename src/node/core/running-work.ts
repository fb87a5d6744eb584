import type { Clock } from '../../domain/clock.ts';
import { machineClock } from './machine-clock.ts';

/** Requests to peers are ended this long after the stop has begun; deliveries of results may take longer. */
export const PEER_GRACE_MS = 2_000;

/** Everything that runs in a node: work that nobody awaits, work that the stop must wait for, and timers. */
export interface RunningWork {
  /** The clock of the node. When the stop begins all its timers end, and no new one fires. */
  readonly clock: Clock;
  /** Aborted when the stop begins: loops and waits end early. */
  readonly stopping: AbortSignal;
  /** Aborted `PEER_GRACE_MS` after the stop has begun: requests to peers end. */
  readonly cutOff: AbortSignal;
  /** Starts work that no caller awaits; reports its failure under this name. Starts nothing once the node takes no more work. */
  start(name: string, work: () => Promise<unknown>): void;
  /** Runs work that its caller awaits, so that the stop waits for it too. */
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Number of pieces of work and of timers that are there now. */
  size(): { work: number; timers: number };
}

/** The stop of a node calls these, in this order. */
export interface StoppableWork extends RunningWork {
  /** Ends all timers, and requests to peers after a grace. Work may still begin: what comes in by open connections is answered. */
  beginStop(): void;
  /** Takes no more work, and resolves when what runs has ended, after `withinMs` at the latest. Requests to peers are ended then. */
  drain(withinMs: number): Promise<void>;
  /** Waits once more, after the client for peers is closed, and reports what is still left: its later failures are not reported. */
  end(withinMs: number): Promise<void>;
}

interface Dependencies {
  clock: Clock;
  /** Counts the bounds of the stop; the time of the machine, also where the clock of the node is a simulated one. */
  bounds?: Clock;
  reportError(what: string, error: unknown): void;
}

/** Creates the register of what runs in one node. */
export function createRunningWork({ clock, bounds = machineClock, reportError }: Dependencies): StoppableWork {
  const [stopping, cutOff] = [new AbortController(), new AbortController()];
  const running = createRunning(bounds);
  const timers = createTimers(clock);
  let endGrace: () => void = () => undefined;
  let takesWork = true;
  let ended = false;

  function beginStop(): void {
    if (stopping.signal.aborted) return;
    timers.end();
    stopping.abort();
    endGrace = clock.after(PEER_GRACE_MS, () => cutOff.abort());
  }

  async function drain(withinMs: number): Promise<void> {
    beginStop();
    takesWork = false;
    await running.untilNone(withinMs);
    endGrace();
    cutOff.abort();
  }

  async function end(withinMs: number): Promise<void> {
    await drain(withinMs);
    ended = true;
    if (running.names().length > 0) reportError('stop', `these did not end in time, and go on at the next start: ${running.names().join(', ')}`);
  }

  return {
    clock: timers.clock,
    stopping: stopping.signal,
    cutOff: cutOff.signal,
    start: (name, work) => {
      if (takesWork) void running.run(name, work).catch((error) => ended || reportError(name, error));
    },
    run: running.run,
    size: () => ({ work: running.size(), timers: timers.size() }),
    beginStop,
    drain,
    end,
  };
}

/** Names of unfinished work that one report lists at most. */
const MOST_NAMES = 10;

/** The work that runs now, and the wait for its end. */
function createRunning(clock: Clock) {
  const running = new Set<{ name: string }>();
  let wake: () => void = () => undefined;

  async function run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const entry = { name };
    running.add(entry);
    try {
      return await work();
    } finally {
      running.delete(entry);
      if (running.size === 0) wake();
    }
  }

  /** Resolves when nothing runs, also a turn of the event loop later: the end of one work may begin another. */
  async function untilNone(withinMs: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    let isLate = false;
    const cancel = clock.after(withinMs, () => {
      isLate = true;
      late.resolve();
    });
    do {
      const none = Promise.withResolvers<void>();
      wake = none.resolve;
      if (running.size > 0) await Promise.race([none.promise, late.promise]);
      await new Promise((then) => setImmediate(then));
    } while (running.size > 0 && !isLate);
    cancel();
  }

  const names = () => [...new Set([...running].map(({ name }) => name))].slice(0, MOST_NAMES);
  return { run, untilNone, names, size: () => running.size };
}

/** The same clock, but its timers can be ended all at once: one that fires later would find the store closed. */
function createTimers(clock: Clock): { clock: Clock; end(): void; size(): number } {
  const waiting = new Set<() => void>();
  let ended = false;
  const after: Clock['after'] = (milliseconds, then) => {
    if (ended) return () => undefined;
    const cancel = clock.after(milliseconds, () => {
      waiting.delete(cancel);
      then();
    });
    waiting.add(cancel);
    return () => {
      waiting.delete(cancel);
      cancel();
    };
  };
  const end = () => {
    ended = true;
    for (const cancel of waiting) cancel();
    waiting.clear();
  };
  return { clock: { now: () => clock.now(), steady: () => clock.steady(), after }, end, size: () => waiting.size };
}
