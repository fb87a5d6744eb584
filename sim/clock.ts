import type { Clock } from '../src/domain/clock.ts';
import { type EpochMillis, epochMillis } from '../src/domain/units.ts';

/** The longest wait that the platform's timer takes at once. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** The machine's clock, `speed` times as fast, from `start` on (absent: from now). */
export function realClock({ speed = 1, start }: { speed?: number; start?: EpochMillis } = {}): Clock {
  const origin = performance.now();
  const from = start ?? epochMillis(Date.now());
  const now = () => epochMillis(Math.floor(from + (performance.now() - origin) * speed));
  return { now, after: (milliseconds, then) => wait({ until: now() + milliseconds, now, speed }, then) };
}

interface Wait {
  until: number;
  now: () => EpochMillis;
  speed: number;
}

/** The platform's timer may go off a little early, which speed would make a lot: hence the second look. */
function wait({ until, now, speed }: Wait, then: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = () => {
    timer = setTimeout(look, Math.min(LONGEST_WAIT, Math.max(0, Math.ceil((until - now()) / speed))));
  };
  const look = () => (now() < until ? arm() : then());
  arm();
  return () => clearTimeout(timer);
}

/** A clock that stands still until it is told to go on. */
export interface VirtualClock extends Clock {
  /** Runs every timer due in the next `milliseconds` in order, letting the world settle after each. */
  advance(milliseconds: number): Promise<void>;
  /** Timers that wait. */
  waiting(): number;
}

interface Timer {
  at: number;
  order: number;
  then: () => void;
}

/** Lets sockets on loopback and promises finish what a timer started: some turns of the event loop. */
async function letTurnsPass(turns = 12): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise<void>((done) => setImmediate(done));
}

/** A clock for tests and for a day in a second; `settle` says when all that a timer set off has come to rest. */
export function virtualClock(start: EpochMillis, settle: () => Promise<void> = letTurnsPass): VirtualClock {
  const timers = new Set<Timer>();
  let now = Number(start);
  let order = 0;
  const advance = async (milliseconds: number) => {
    const until = now + milliseconds;
    await settle();
    for (let next = earliest(timers, until); next; next = earliest(timers, until)) {
      timers.delete(next);
      now = Math.max(now, next.at);
      next.then();
      await settle();
    }
    now = until;
  };
  const after = (milliseconds: number, then: () => void) => {
    order += 1;
    const timer = { at: now + Math.max(0, milliseconds), order, then };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  return { now: () => epochMillis(now), after, advance, waiting: () => timers.size };
}

function earliest(timers: Iterable<Timer>, until: number): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) {
    if (timer.at <= until && (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order))) first = timer;
  }
  return first;
}
