import type { Clock } from '../../domain/clock.ts';
import type { ExchangeId } from '../../domain/ids.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { Journal, Step } from './journal.ts';

/** A step and its time. */
export interface TimedStep {
  at: EpochMillis;
  step: Step;
}

/** Exchanges whose steps are kept in memory, and steps of each. */
const MAX_EXCHANGES = 1_000;
const MAX_STEPS = 20;

/** The steps of the newest exchanges, with their times. The store keeps only the state of an exchange, not each step. */
export interface RecentSteps extends Disposable {
  /** Empty when the exchange is older, or had its steps in an earlier run. */
  of(exchange: ExchangeId): readonly TimedStep[];
}

/** Records steps from the journal until it is disposed. */
export function createRecentSteps(journal: Journal, clock: Clock): RecentSteps {
  const kept = new Map<string, TimedStep[]>();
  const stopListening = journal.onStep((step) => {
    if (!('exchange' in step) || step.exchange === undefined) return;
    const steps = kept.get(step.exchange) ?? [];
    if (steps.length < MAX_STEPS) steps.push({ at: clock.now(), step });
    kept.set(step.exchange, steps);
    const [oldest] = kept.keys();
    if (kept.size > MAX_EXCHANGES && oldest !== undefined) kept.delete(oldest);
  });
  return { of: (exchange) => kept.get(exchange) ?? [], [Symbol.dispose]: stopListening };
}
