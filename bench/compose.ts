import { type CompositionContext, compositeSchedule } from '../src/domain/profile/compose.ts';
import type { Purpose, StackedProfile } from '../src/domain/profile/stacked-profile.ts';
import { type Amperes, amperes, epochSeconds, seconds } from '../src/domain/units.ts';
import { atMost, type Benchmark } from './benchmark.ts';

const DAY = 86_400;
const PERIODS = 24;
const PURPOSES: readonly Purpose[] = ['tx', 'tx-default', 'max'];
const TIMES = 20_000;
const ROUNDS = 9;

const midnight = epochSeconds(1_773_100_800);

/** Three purposes whose 24 periods a day never begin together, so that nearly every one of them shows in the result. */
const profiles: readonly StackedProfile<Amperes>[] = PURPOSES.map((purpose, n) => ({
  id: n,
  stackLevel: 0,
  purpose,
  kind: 'Absolute',
  schedule: {
    start: midnight,
    periods: Array.from({ length: PERIODS }, (_, i) => ({ start: seconds(i === 0 ? 0 : i * 3600 + n * 900), limit: amperes(6 + ((i * 7 + n * 11) % 26)) })),
  },
}));
const day: CompositionContext<Amperes> = { from: midnight, to: epochSeconds(midnight + DAY), chargingStarted: midnight, maximum: amperes(32) };
const year: CompositionContext<Amperes> = { ...day, to: epochSeconds(midnight + 365 * DAY) };

/** What one composition costs; beside a plain loop that only finds the lowest of as many periods, and over a year instead of a day. */
export const compose: Benchmark = async ({ progress }) => {
  progress(`compose: ${ROUNDS} rounds of ${TIMES}`);
  const ofDay = microseconds(() => compositeSchedule(profiles, day).length);
  const ofYear = microseconds(() => compositeSchedule(profiles, year).length);
  const loop = microseconds(plainLoop);
  return [
    atMost('3 purposes × 24 periods over a day', ofDay, { unit: 'µs', aim: 10 }),
    { name: 'a plain loop over as many periods', value: loop, unit: 'µs' },
    { name: 'composing ÷ plain loop', value: ofDay / loop, unit: '×' },
    atMost('a year ÷ a day', ofYear / ofDay, { unit: '×', aim: 1.5 }),
  ];
};

/** Makes an object for each hour's lowest limit, and nothing else. */
function plainLoop(): number {
  const steps: { from: number; to: number; limit: number }[] = [];
  for (let hour = 0; hour < PERIODS; hour++) {
    let limit = Infinity;
    for (const { schedule } of profiles) limit = Math.min(limit, schedule.periods[hour]?.limit ?? Infinity);
    steps.push({ from: hour * 3600, to: hour * 3600 + 3600, limit });
  }
  return steps.length;
}

/** The median of some rounds, the first of which only warm up. */
function microseconds(work: () => number): number {
  const rounds: number[] = [];
  let made = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    for (let n = 0; n < TIMES; n++) made += work();
    rounds.push(((performance.now() - began) / TIMES) * 1000);
  }
  if (made === 0) throw new Error('nothing was made');
  const warm = rounds.slice(2).sort((a, b) => a - b);
  return warm[Math.floor(warm.length / 2)] ?? Number.NaN;
}
