import type { ActiveChargingProfile, Ask, ChargingProfile } from '../node/index.ts';

/** A limit as people say it: `10 A`, `6.9 kW`. */
export const describeLimit = (limit: number, unit: 'A' | 'W'): string => (unit === 'A' ? `${round(limit)} A` : `${round(limit / 1000)} kW`);
const round = (value: number) => Math.round(value * 10) / 10;

/** A span as people say it: `45 s`, `15 min`, `24 h`. */
export function describeSpan(seconds: number): string {
  if (seconds < 120) return `${round(seconds)} s`;
  return seconds < 7_200 ? `${round(seconds / 60)} min` : `${round(seconds / 3600)} h`;
}

/** A profile in a few words: its limits in turn, and how long it holds. */
export function describeProfile({ unit, periods, duration }: ChargingProfile | ActiveChargingProfile): string {
  const [first, ...others] = periods.map(({ start, limit }) => ({ start, says: describeLimit(limit, unit) }));
  const more = others.slice(0, 2).map(({ start, says }) => `then ${says} after ${describeSpan(start)}`);
  const rest = others.length > 2 ? ['…'] : [];
  return `${[first?.says ?? 'no limit', ...more, ...rest].join(', ')}${duration === undefined ? '' : ` for ${describeSpan(duration)}`}`;
}

/** What is asked about a session, in a few words. */
export function describeAsk(ask: Ask): string {
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
