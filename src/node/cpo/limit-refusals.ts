import type { StationId } from '../../domain/ids.ts';
import { countAnswer, type Refusals } from '../../roles/cpo/station-health.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import type { Context } from '../core/context.ts';

/** Counts how often each charge point refused limits in a row, since the start of the node: profiles of sessions, and limits of sites. */
export class LimitRefusals {
  /** Charge points of the configuration whose last limit was refused. */
  readonly #counted = new Map<StationId, Refusals>();

  constructor({ journal, clock, metrics }: Pick<Context, 'journal' | 'clock' | 'metrics'>, evses: EvseDirectory) {
    metrics.keep('charge points that refuse limits', () => this.#counted.size);
    const count = (station: StationId, answer: string) => {
      const refusals = countAnswer(this.#counted.get(station), answer, clock.now());
      if (refusals) this.#counted.set(station, refusals);
      else this.#counted.delete(station);
    };
    journal.onStep((step) => {
      if (step.step === 'station-answered' && step.kind === 'set') count(step.station, step.answer);
      if (step.step !== 'site-limit-answered') return;
      const found = evses.byUid(step.evse);
      if (found) count(found.station, step.answer);
    });
  }

  /** What an earlier run of the node counted. */
  resume(station: StationId, refusals: Refusals): void {
    if (!this.#counted.has(station)) this.#counted.set(station, refusals);
  }

  /** Undefined: its last limit was accepted, or it got none. */
  of(station: StationId): Refusals | undefined {
    return this.#counted.get(station);
  }
}
