import { InvalidArgumentError, Option } from 'commander';
import { PUSH_EVERY_S } from '../domain/contract.ts';
import { machineClock } from '../node/core/machine-clock.ts';

/** A limit with its unit: A per phase, W in total. */
export interface TypedLimit {
  limit: number;
  unit: 'A' | 'W';
}

/** Parses `8A`, `7.4kW` or `1840W`. The unit is required, because a number alone could be A or W. */
export function parseLimit(text: string): TypedLimit {
  const [, number, unit] = /^(\d{1,7}(?:\.\d{1,3})?) ?(A|W|kW)$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError('Allowed is a number with a unit: A (per phase), W or kW (total), such as 8A, 7.4kW, 1840W.');
  return { limit: unit === 'kW' ? Math.round(Number(number) * 1_000) : Number(number), unit: unit === 'A' ? 'A' : 'W' };
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
/** Seven days, the longest duration of a charging profile here. */
export const MAX_SPAN = 604_800;

/** Parses `90s`, `15m` or `2h`; returns seconds. */
export function parseSpan(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6}) ?(s|m|h)$/.exec(text) ?? [];
  const span = Number(number) * (SECONDS[unit] ?? 0);
  if (span < 1 || span > MAX_SPAN) throw new InvalidArgumentError('Allowed is a number with a unit: s, m or h, at most 168h, such as 90s, 15m, 2h.');
  return span;
}

/**
 * The moment that a text such as `18:00` means, in ms: the next time that the clock of this machine shows it. A moment in UTC (RFC 3339) means
 * itself. Undefined: the text is neither, or the moment is over.
 */
export function momentAfter(text: string, now: number): number | undefined {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hours === undefined) {
    const moment = MOMENT.test(text) ? Date.parse(text.toUpperCase()) : Number.NaN;
    return moment > now ? moment : undefined;
  }
  const at = new Date(now);
  at.setHours(Number(hours), Number(minutes), 0, 0);
  if (at.getTime() <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}

/** Parses the end of a limit, `18:00` or a moment in UTC; returns ms. */
export function parseUntil(text: string): number {
  const until = momentAfter(text, machineClock.now());
  if (until === undefined)
    throw new InvalidArgumentError('Allowed is a time of this machine such as 18:00, or a later moment in UTC such as 2030-01-01T00:00:00Z.');
  return until;
}

/** Parses how often sessions are pushed; returns seconds. */
export function parsePushSpan(text: string): number {
  const span = parseSpan(text);
  if (span < 30 || span > PUSH_EVERY_S) throw new InvalidArgumentError('Allowed is 30s to 5m.');
  return span;
}

/** Longest time that a command waits for an outcome, in seconds. */
const MAX_WAIT = 120;
export const DEFAULT_WAIT = 60;

/** Parses seconds without a unit, or a span such as `1m`; returns seconds. */
export function parseWait(text: string): number {
  const wait = /^\d{1,3}$/.test(text) ? Number(text) : /^\d{1,6} ?[smh]$/.test(text) ? parseSpan(text) : Number.NaN;
  if (!(wait >= 1 && wait <= MAX_WAIT)) throw new InvalidArgumentError(`Allowed is 1 to ${MAX_WAIT} seconds.`);
  return wait;
}

/** The option `--wait` of set and clear. */
export const waitOption = (): Option =>
  new Option('--wait [seconds]', `wait for the outcome, at most this many seconds (without a number: ${DEFAULT_WAIT})`).argParser(parseWait);
/** The query of a request for the value of `--wait`: seconds, `true` for no number, or absent. */
export const waitQuery = (wait: number | true | undefined): { wait?: number } => (wait === undefined ? {} : { wait: wait === true ? DEFAULT_WAIT : wait });

/** The option `--reason` of acts. */
export const reasonOption = (): Option => new Option('--reason <text>', 'why, 200 characters at most; it stays in the audit: name no driver');
/** The query of an act for the value of `--reason`. */
export const reasonQuery = (reason: string | undefined): { reason?: string } => (reason === undefined ? {} : { reason });

/** Returns a parser of whole numbers from 1 to `most`. */
export const countUpTo =
  (most: number) =>
  (text: string): number => {
    const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
    if (count < 1 || count > most) throw new InvalidArgumentError(`Allowed is 1 to ${most}.`);
    return count;
  };

/** Returns a parser that checks a pattern and returns the text in capitals. */
const matching = (pattern: RegExp, allowed: string) => (text: string) => {
  if (!pattern.test(text)) throw new InvalidArgumentError(`Allowed is ${allowed}.`);
  return text.toUpperCase();
};

export const parseCountryCode = matching(/^[A-Za-z]{2}$/, 'a country code of two letters, such as NL');
export const parsePartyId = matching(/^[A-Za-z0-9]{3}$/, 'three letters or digits, such as MSP');
const PARTY = /^[A-Za-z]{2}\*[A-Za-z0-9]{3}$/;
/** A party, such as NL*SCS. */
export const parseParty = matching(PARTY, 'country code and party id, such as NL*SCS');
/** A moment in UTC (RFC 3339). */
export const parseMoment = matching(MOMENT, 'a moment in UTC, such as 2030-01-01T00:00:00Z');
/** Parses a moment in UTC, or a time of today on this machine such as 09:30 or 09:30:15; returns a moment in UTC. */
export function parseMomentOfDay(text: string, _before?: unknown, now = new Date(machineClock.now())): string {
  const [, hours, minutes, seconds = '0'] = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return parseMoment(text);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate(), Number(hours), Number(minutes), Number(seconds)).toISOString();
}
/** The option of all commands about one peer; a peer has the id of its first party. */
export const PEER_OPTION = [
  '--peer <id>',
  'id of the peer, such as NL*MSP (see evenkeel peers)',
  matching(/^[A-Za-z]{1,2}$|^[A-Za-z]{2}\*[A-Za-z0-9]{0,3}$/, 'country code and party id, such as NL*MSP, or their beginning; evenkeel peers lists them'),
] as const;
