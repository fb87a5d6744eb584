import type { ActiveChargingProfile, Ask, ChargingProfile } from '../node/index.ts';

/** A limit with its unit: `10 A`, `6.9 kW`. */
export const describeLimit = (limit: number, unit: 'A' | 'W'): string => (unit === 'A' ? `${round(limit)} A` : `${round(limit / 1000)} kW`);
const round = (value: number) => Math.round(value * 10) / 10;

/** A time span with its unit: `45 s`, `15 min`, `24 h`. */
export function describeSpan(seconds: number): string {
  if (seconds < 120) return `${round(seconds)} s`;
  return seconds < 7_200 ? `${round(seconds / 60)} min` : `${round(seconds / 3600)} h`;
}

/** The first three limits of a profile and its duration: `10 A, then 16 A after 5 min for 15 min`. */
export function describeProfile({ unit, periods, duration }: ChargingProfile | ActiveChargingProfile): string {
  const [first, ...others] = periods.map(({ start, limit }) => ({ start, limit: describeLimit(limit, unit) }));
  const next = others.slice(0, 2).map(({ start, limit }) => `then ${limit} after ${describeSpan(start)}`);
  const rest = others.length > 2 ? ['…'] : [];
  return `${[first?.limit ?? 'no limit', ...next, ...rest].join(', ')}${duration === undefined ? '' : ` for ${describeSpan(duration)}`}`;
}

/** A request about a session, to be followed by the name of the session. */
export function describeRequest(ask: Ask): string {
  switch (ask.kind) {
    case 'set':
      return `set ${describeProfile(ask.profile)} on`;
    case 'get':
      return `get the active profile (${describeSpan(ask.duration)}) of`;
    case 'clear':
      return 'clear the profile of';
    default:
      return ask satisfies never;
  }
}
