import type { Texts } from '../text/en.ts';
import { text } from '../text/text.ts';
import type { Line, Tone } from './chart-model.ts';
import type { Overview } from './console-api-types.ts';
import { secondsOf } from './time-format.ts';

const GROUPS = [
  { name: 'accepted', tone: 'good', outcomes: ['ACCEPTED'] },
  { name: 'refused', tone: 'bad', outcomes: ['REJECTED', 'NOT_SUPPORTED', 'UNKNOWN_SESSION', 'TOO_OFTEN'] },
  { name: 'unknown', tone: 'warn', outcomes: ['UNKNOWN', 'UNCERTAIN'] },
  { name: 'open', tone: 'plain', outcomes: [] },
] as const satisfies readonly { name: keyof Texts['exchange']['groups']; tone: Tone; outcomes: readonly string[] }[];

/** Exchanges per minute, one line of bars per group of outcomes; the last group takes every other outcome. */
export function barsOf(counts: Overview['exchanges']): Line[] {
  const grouped = new Set<string>(GROUPS.flatMap(({ outcomes }) => outcomes));
  return GROUPS.map(({ name, tone, outcomes }) => {
    const members = counts.filter(({ outcome }) => (outcomes.length > 0 ? outcomes.some((it) => it === outcome) : !grouped.has(outcome)));
    const points = new Map<number, number>();
    for (const { minute, count } of members) points.set(secondsOf(minute), (points.get(secondsOf(minute)) ?? 0) + count);
    return { name: text().exchange.groups[name], tone, shape: 'bars', points: [...points].sort(([a], [b]) => a - b) };
  });
}
