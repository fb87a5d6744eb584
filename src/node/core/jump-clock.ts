import type { Clock } from '../../domain/clock.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';

/** A smaller difference is an ordinary correction of the machine's clock, and is followed at once. */
const SMALLEST_JUMP_MS = 1_000;

/** Jumps of the machine's clock that the node's clock did not follow yet. */
export interface Jumps {
  /** Milliseconds by which the machine's clock jumped and `now` did not follow yet; negative: it was put back; 0: there was no jump. */
  jump(): number;
  /** Lets `now` jump by that many milliseconds. */
  follow(milliseconds: number): void;
}

/**
 * Makes a clock wait at jumps: until `follow`, `now` goes on as if nobody had set the machine's clock, so that the deadlines in the store can
 * be moved first.
 */
export function waitAtJumps(clock: Clock): Clock & Jumps {
  let [before, steadyBefore]: [EpochMillis, EpochMillis] = [clock.now(), clock.steady()];
  /** The time of the machine, and what it would be without a jump. */
  function read(): { now: EpochMillis; expected: EpochMillis; isJump: boolean } {
    const [now, steady] = [clock.now(), clock.steady()];
    // The steady clock has fractions of a millisecond, which ids and times on the wire may not have.
    const expected = epochMillis(Math.round(before + steady - steadyBefore));
    const isJump = Math.abs(now - expected) >= SMALLEST_JUMP_MS;
    if (!isJump) [before, steadyBefore] = [now, steady];
    return { now, expected, isJump };
  }
  return {
    now: () => {
      const { now, expected, isJump } = read();
      return isJump ? expected : now;
    },
    jump: () => {
      const { now, expected, isJump } = read();
      return isJump ? now - expected : 0;
    },
    follow: (milliseconds) => {
      before = epochMillis(before + milliseconds);
    },
    steady: () => clock.steady(),
    after: (milliseconds, then) => clock.after(milliseconds, then),
  };
}
