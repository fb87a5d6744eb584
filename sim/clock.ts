import type { Clock } from '../src/domain/clock.ts';
import { type EpochMillis, epochMillis } from '../src/domain/units.ts';

/** The longest delay of the platform's timer, in milliseconds. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** The machine's clock, `speed` times as fast, starting at `start` (default: now). */
export function realClock({ speed = 1, start }: { speed?: number; start?: EpochMillis } = {}): Clock {
  const origin = performance.now();
  const from = start ?? epochMillis(Date.now());
  const now = () => epochMillis(Math.floor(from + (performance.now() - origin) * speed));
  return { now, steady: now, after: (milliseconds, then) => wait({ until: now() + milliseconds, now, speed }, then) };
}

interface Wait {
  until: number;
  now: () => EpochMillis;
  speed: number;
}

/** The platform's timer may fire early, and `speed` multiplies the error; so the time is checked before `then` is called. */
function wait({ until, now, speed }: Wait, then: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = () => {
    timer = setTimeout(check, Math.min(LONGEST_WAIT, Math.max(0, Math.ceil((until - now()) / speed))));
  };
  const check = () => (now() < until ? arm() : then());
  arm();
  return () => clearTimeout(timer);
}

/** A clock that stands still until it is advanced. */
export interface VirtualClock extends Clock {
  /** Runs every timer that is due in the next `milliseconds`, in order, and waits after each until its effects have settled. */
  advance(milliseconds: number): Promise<void>;
  /** Sets the time of day forward, or back when negative. No timer moves, and `steady` does not change. */
  set(milliseconds: number): void;
  /** The number of waiting timers. */
  waiting(): number;
}

interface Timer {
  at: number;
  order: number;
  then: () => void;
}

/** Waits some turns of the event loop, so that promises and loopback sockets finish what a timer has started. */
async function waitForEventLoop(turns = 12): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise<void>((done) => setImmediate(done));
}

/** A clock for tests and simulations; `settle` resolves when the effects of a timer have settled. */
export function virtualClock(start: EpochMillis, settle: () => Promise<void> = waitForEventLoop): VirtualClock {
  const timers = new Set<Timer>();
  let now = Number(start);
  let jumped = 0;
  let order = 0;
  const advance = async (milliseconds: number) => {
    const until = now + milliseconds;
    await settle();
    for (let next = nextDue(timers, until); next; next = nextDue(timers, until)) {
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
  const set = (milliseconds: number) => {
    jumped += milliseconds;
  };
  return { now: () => epochMillis(now + jumped), steady: () => epochMillis(now), after, advance, set, waiting: () => timers.size };
}

/** A clock that is behind another by a number of seconds. */
export const clockBehind = (clock: Clock, seconds: () => number): Clock => ({
  now: () => epochMillis(clock.now() - seconds() * 1000),
  steady: () => clock.steady(),
  after: (milliseconds, then) => clock.after(milliseconds, then),
});

function nextDue(timers: Iterable<Timer>, until: number): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) {
    if (timer.at <= until && (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order))) first = timer;
  }
  return first;
}
