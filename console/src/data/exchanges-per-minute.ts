import type { Line, Tone } from './chart-model.ts';
import type { Overview } from './console-api-types.ts';
import { secondsOf } from './time-format.ts';

const GROUPS = [
  { name: 'Accepted', tone: 'good', words: ['ACCEPTED'] },
  { name: 'Refused', tone: 'bad', words: ['REJECTED', 'NOT_SUPPORTED', 'UNKNOWN_SESSION', 'TOO_OFTEN'] },
  { name: 'Unknown or uncertain', tone: 'warn', words: ['UNKNOWN', 'UNCERTAIN'] },
  { name: 'Open or taken back', tone: 'plain', words: [] },
] as const satisfies readonly { name: string; tone: Tone; words: readonly string[] }[];

/** Exchanges of each minute, one line of bars for each kind of outcome; the last group takes every other word. */
export function barsOf(counts: Overview['exchanges']): Line[] {
  const known = new Set<string>(GROUPS.flatMap(({ words }) => words));
  return GROUPS.map(({ name, tone, words }) => {
    const mine = counts.filter(({ outcome }) => (words.length > 0 ? words.some((it) => it === outcome) : !known.has(outcome)));
    const points = new Map<number, number>();
    for (const { minute, count } of mine) points.set(secondsOf(minute), (points.get(secondsOf(minute)) ?? 0) + count);
    return { name, tone, shape: 'bars', points: [...points].sort(([a], [b]) => a - b) };
  });
}
