import { InvalidArgumentError } from 'commander';

/** A limit as it is typed: `8A`, `7.4kW`, `1840W`. */
export interface TypedLimit {
  limit: number;
  unit: 'A' | 'W';
}

/** Reads a limit with its unit; a bare number would leave open which one is meant. */
export function parseLimit(text: string): TypedLimit {
  const [, number, unit] = /^(\d{1,7}(?:\.\d{1,3})?) ?(A|W|kW)$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError('Allowed is a number with its unit, A (per phase), W or kW (in all): 8A, 7.4kW, 1840W.');
  return { limit: unit === 'kW' ? Math.round(Number(number) * 1_000) : Number(number), unit: unit === 'A' ? 'A' : 'W' };
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };
/** The longest span that OCPI profiles have here: seven days. */
const LONGEST = 604_800;

/** Reads a span with its unit, in seconds. */
export function parseSpan(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6}) ?(s|m|h)$/.exec(text) ?? [];
  const span = Number(number) * (UNITS[unit] ?? 0);
  if (span < 1 || span > LONGEST) throw new InvalidArgumentError('Allowed is a number with its unit, s, m or h, up to 168h: 90s, 15m, 2h.');
  return span;
}

/** The longest that a command waits for an outcome, in seconds. */
const LONGEST_WAIT = 120;
export const DEFAULT_WAIT = 60;

export function parseWait(text: string): number {
  const wait = /^\d{1,3}$/.test(text) ? Number(text) : /^\d{1,6} ?[smh]$/.test(text) ? parseSpan(text) : Number.NaN;
  if (!(wait >= 1 && wait <= LONGEST_WAIT)) throw new InvalidArgumentError(`Allowed is 1 to ${LONGEST_WAIT} seconds.`);
  return wait;
}

/** Reads how many are to be listed. */
export function parseCount(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > 1_000) throw new InvalidArgumentError('Allowed is 1 to 1000.');
  return count;
}
