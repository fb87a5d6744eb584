import { type Clock, steadyDeadline } from '../../domain/clock.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { answerDeadline } from '../../roles/cpo/recover.ts';
import type { Dispatch } from './station-request.ts';

/**
 * The deadlines of exchanges with charge points, by the steady clock: a jump of the machine's clock neither shortens nor extends the time
 * of an exchange that this process has begun.
 */
export class DispatchDeadlines {
  readonly #clock: Clock;
  readonly #known = new WeakMap<Dispatch, EpochMillis>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The deadline of the exchange, as it was when it was named here for the first time. */
  of(dispatch: Dispatch): EpochMillis {
    const { deadline, timeout } = dispatch.exchange;
    // When the machine's clock was put back before a start of the node, the exchange waits no longer than its timeout.
    const latest = this.#clock.steady() + timeout * 1000;
    const at = this.#known.get(dispatch) ?? epochMillis(Math.min(steadyDeadline(this.#clock, deadline), latest));
    this.#known.set(dispatch, at);
    return at;
  }

  /** Milliseconds that the charge point still has for its answer; negative when they are over. */
  millisToAnswer(dispatch: Dispatch): number {
    return answerDeadline(this.of(dispatch), dispatch.exchange.timeout) - this.#clock.steady();
  }
}
