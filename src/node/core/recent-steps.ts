import type { Clock } from '../../domain/clock.ts';
import type { ExchangeId } from '../../domain/ids.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { Journal, Step } from './journal.ts';

/** A step and when it was taken. */
export interface TimedStep {
  at: EpochMillis;
  step: Step;
}

/** Exchanges whose steps are remembered, and steps of each. */
const MOST_EXCHANGES = 1_000;
const MOST_STEPS = 20;

/** The steps of the newest exchanges, for whoever looks at one: the store keeps where it stands, not each moment on the way. */
export interface RecentSteps extends Disposable {
  of(exchange: ExchangeId): readonly TimedStep[];
}

export function createRecentSteps(journal: Journal, clock: Clock): RecentSteps {
  const kept = new Map<string, TimedStep[]>();
  const deafen = journal.onStep((step) => {
    if (!('exchange' in step) || step.exchange === undefined) return;
    const steps = kept.get(step.exchange) ?? [];
    if (steps.length < MOST_STEPS) steps.push({ at: clock.now(), step });
    kept.set(step.exchange, steps);
    const [oldest] = kept.keys();
    if (kept.size > MOST_EXCHANGES && oldest !== undefined) kept.delete(oldest);
  });
  return { of: (exchange) => kept.get(exchange) ?? [], [Symbol.dispose]: deafen };
}
