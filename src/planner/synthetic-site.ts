import { sessionKey } from '../domain/ids.ts';
import type { ProfileType } from '../domain/preferences.ts';
import { type EpochSeconds, epochSeconds, volts, wattHours } from '../domain/units.ts';
import type { EvseData, NodeLimit, Phase, SessionProblem, SiteProblem, ValueStep } from './site-problem.ts';

/** 2026-11-24 06:00Z, a Tuesday: the begin of the synthetic day. */
const MORNING = Date.UTC(2026, 10, 24, 6) / 1000;
/** The moment that many hours after the begin of the synthetic day. */
export const at = (hours: number): EpochSeconds => epochSeconds(MORNING + Math.round(hours * 3_600));
const THREE: EvseData = { unit: 'A', min: 6, max: 16, voltage: volts(230), phases: [1, 2, 3] };
const one = (phase: Phase): EvseData => ({ ...THREE, max: 32, phases: [phase] });
/** Hourly values from the begin of the synthetic day on. */
export const hourly = (values: readonly number[]): readonly ValueStep[] => values.map((value, n) => ({ from: at(n), to: at(n + 1), value }));
/** Prices of a synthetic day: dear in the morning and the evening, cheap at noon. */
export const DAY_PRICES: readonly number[] = [
  0.2, 0.31, 0.34, 0.3, 0.25, 0.2, 0.16, 0.12, 0.1, 0.11, 0.15, 0.22, 0.3, 0.35, 0.33, 0.28, 0.24, 0.2, 0.18, 0.16, 0.15, 0.15, 0.16, 0.18,
];
/** The key of a synthetic session. */
export const nameOf = (n: number) => sessionKey('NL', 'CPO', `S${String(n).padStart(4, '0')}`);
const node = (name: string, limit: { amperes: number; watts?: number }, parent?: string): NodeLimit => ({
  name,
  ...(parent && { parent }),
  steps: [{ from: at(-48), to: at(96), ...limit }],
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

/** How a synthetic car park differs from others. */
export interface CarPark {
  seed: number;
  /** The part of the rated current that its limits allow; 0.35 when absent. */
  tightness?: number;
  /** Prices for each quarter of an hour instead of each hour. */
  quarters?: boolean;
  /** h after the begin of the day. */
  now?: number;
}

/** A synthetic car park, the same for the same input: groups of 20 EVSEs on a panel each, a quarter of the cars on one phase. */
export function carPark(count: number, { seed, tightness = 0.35, quarters = false, now = 0 }: CarPark): SiteProblem {
  const random = randomFrom(seed);
  const sessions = Array.from({ length: count }, (_, n) => sessionOf(n, random));
  const panels = Array.from({ length: Math.ceil(count / 20) }, (_, n) => node(`panel ${n}`, { amperes: Math.round(20 * 14 * tightness) }, 'grid'));
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
    limits: [node('grid', { amperes: Math.round(count * 14 * tightness * 0.6), watts: Math.round(count * 9_000 * tightness * 0.6) }), ...panels],
    prices,
    carbon: hourly(DAY_PRICES.map((price) => Math.round(price * 1_000 + 100 * random()))),
  };
}

function sessionOf(n: number, random: () => number): SessionProblem {
  const evse = random() < 0.25 ? one(((n % 3) + 1) as Phase) : THREE;
  const arrival = Math.round(random() * 14 * 12) / 12;
  const stay = 2 + Math.round(random() * 8 * 12) / 12;
  const full = (evse.phases.length * 230 * evse.max * stay) / 1000;
  return {
    key: nameOf(n),
    node: `panel ${Math.floor(n / 20)}`,
    evse,
    arrival: at(arrival),
    departure: at(arrival + stay),
    need: wattHours(Math.round(Math.min(60, full * (0.1 + 0.7 * random())) * 1000)),
    delivered: wattHours(0),
    profileType: TYPES[n % TYPES.length] ?? 'CHEAP',
    dischargeAllowed: false,
    steerable: true,
  };
}
