import { sessionKey } from '../domain/ids.ts';
import type { ProfileType } from '../domain/preferences.ts';
import { epochSeconds, volts, wattHours, watts } from '../domain/units.ts';
import type { EvseData, NodeLimit, Phase, SessionProblem, SiteProblem, ValueStep } from './site-problem.ts';

/** 2026-11-24 06:00Z, a Tuesday. */
export const MORNING = Date.UTC(2026, 10, 24, 6) / 1000;
/** A moment that many hours after MORNING. */
export const at = (hours: number) => epochSeconds(MORNING + Math.round(hours * 3_600));
export const threePhase: EvseData = { unit: 'A', min: 6, max: 16, voltage: volts(230), phases: [1, 2, 3] };
export const onePhase = (phase: Phase = 1): EvseData => ({ unit: 'A', min: 6, max: 32, voltage: volts(230), phases: [phase] });
export const fastDc: EvseData = { unit: 'W', min: 0, max: 50_000, voltage: volts(230), phases: [1, 2, 3] };
export const nameOf = (n: number) => sessionKey('NL', 'CPO', `S${String(n).padStart(4, '0')}`);
export const car = (n: number, more: Partial<SessionProblem> = {}): SessionProblem => ({
  key: nameOf(n),
  evse: threePhase,
  arrival: at(0),
  departure: at(8),
  need: wattHours(20_000),
  delivered: wattHours(0),
  profileType: 'CHEAP',
  dischargeAllowed: false,
  steerable: true,
  ...more,
});
export const always = (limit: { amperes?: number | readonly [number, number, number]; watts?: number }, name = 'grid', parent?: string): NodeLimit => ({
  name,
  ...(parent !== undefined && { parent }),
  steps: [{ from: at(-48), to: at(96), ...limit }],
});
/** Hourly values from MORNING on. */
export const hourly = (values: readonly number[]): readonly ValueStep[] => values.map((value, n) => ({ from: at(n), to: at(n + 1), value }));
export const DAY_PRICES = [
  0.2, 0.31, 0.34, 0.3, 0.25, 0.2, 0.16, 0.12, 0.1, 0.11, 0.15, 0.22, 0.3, 0.35, 0.33, 0.28, 0.24, 0.2, 0.18, 0.16, 0.15, 0.15, 0.16, 0.18,
];
export const siteProblem = (sessions: readonly SessionProblem[], more: Partial<SiteProblem> = {}): SiteProblem => ({
  site: 'LOC1',
  now: at(0),
  horizonEnd: at(24),
  sessions,
  limits: [always({ amperes: 100 })],
  prices: hourly(DAY_PRICES),
  ...more,
});

/** Random numbers between 0 and 1 that repeat for a seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TYPES: readonly ProfileType[] = ['CHEAP', 'CHEAP', 'REGULAR', 'GREEN', 'FAST'];

/** A busy car park: groups of 20 EVSEs on a panel each, a quarter of the cars on one phase. */
export function carPark(
  count: number,
  { seed, tightness = 0.35, quarters = false, now = 0 }: { seed: number; tightness?: number; quarters?: boolean; now?: number },
): SiteProblem {
  const random = randomFrom(seed);
  const sessions = Array.from({ length: count }, (_, n) => {
    const evse = random() < 0.25 ? onePhase(((n % 3) + 1) as Phase) : threePhase;
    const arrival = Math.round(random() * 14 * 12) / 12;
    const stay = 2 + Math.round(random() * 8 * 12) / 12;
    const full = (evse.phases.length * 230 * evse.max * stay) / 1000;
    return car(n, {
      evse,
      node: `panel ${Math.floor(n / 20)}`,
      arrival: at(arrival),
      departure: at(arrival + stay),
      need: wattHours(Math.round(Math.min(60, full * (0.1 + 0.7 * random())) * 1000)),
      profileType: TYPES[n % TYPES.length] ?? 'CHEAP',
    });
  });
  const panels = Array.from({ length: Math.ceil(count / 20) }, (_, n) => always({ amperes: Math.round(20 * 14 * tightness) }, `panel ${n}`, 'grid'));
  const prices = quarters
    ? DAY_PRICES.flatMap((price, hour) =>
        [0, 1, 2, 3].map((q) => ({ from: at(hour + q / 4), to: at(hour + (q + 1) / 4), value: price + (random() - 0.5) / 50 })),
      )
    : hourly(DAY_PRICES);
  return {
    site: `park ${seed}`,
    now: at(now),
    horizonEnd: at(24),
    sessions,
    limits: [always({ amperes: Math.round(count * 14 * tightness * 0.6), watts: Math.round(count * 9_000 * tightness * 0.6) }), ...panels],
    prices,
    carbon: hourly(DAY_PRICES.map((price) => Math.round(price * 1_000 + 100 * random()))),
    demandCharge: { perKilowatt: 0, peakSoFar: watts(0) },
  };
}
