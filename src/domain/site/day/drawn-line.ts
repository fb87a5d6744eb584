import type { MeterSample } from '../../meter-sample.ts';
import { type EpochMillis, type EpochSeconds, epochMillis, toSeconds } from '../../units.ts';
import { type LinePoint, mergeSteps, type StepLine } from './step-line.ts';

/** How an EVSE is connected. `voltage`: line to neutral; `watts`: its maximum. On DC a current of the meter is that of the car's side. */
export interface DrawnAt {
  readonly voltage: number;
  readonly phases: 1 | 2 | 3;
  readonly dc: boolean;
  readonly watts: number;
  /** The limit that the charge point held. */
  readonly allowed: StepLine;
}

/** What a session drew over time. `estimated`: the spans whose value is not measured: the average from the energy register, or a new limit. */
export interface Drawn {
  readonly line: StepLine;
  readonly estimated: readonly (readonly [from: EpochSeconds, to: EpochSeconds])[];
}

/** ms: a value holds for this time at most; after that it is not known what is drawn. */
const LONGEST_MS = 15 * 60_000;
/** ms: over a shorter time the register says too little. */
const SHORTEST_MS = 30_000;

interface Span {
  from: EpochMillis;
  to: EpochMillis;
  w: number;
  a: number;
  estimated: boolean;
}

/**
 * What a session drew, from its samples in order of time. A measured value holds until the next sample; where none was measured, the average between
 * two registers holds between them, never above the maximum of the EVSE. A limit that fell after the last sample counts from then on. `until`: the end of the session, or now. A current on each phase is the
 * sum that the meter tells, spread evenly over the phases of the EVSE.
 */
export function drawnLine(samples: readonly MeterSample[], at: DrawnAt, until: EpochMillis): Drawn {
  const spans = samples.flatMap((sample, n): Span[] => {
    const next = samples[n + 1];
    const measured = measuredBy(sample, at);
    const to = epochMillis(Math.min(next?.at ?? until, sample.at + LONGEST_MS, Math.max(until, sample.at)));
    if (measured) return to > sample.at ? cappedBy(at.allowed, { from: sample.at, to, ...measured, estimated: false }) : [];
    return next ? estimateBetween(sample, next, at) : [];
  });
  return { line: lineOf(spans), estimated: joined(spans.filter(({ estimated }) => estimated)) };
}

/** A meter tells its value once a minute: what it said before a limit fell does not say that the car is above it. */
function cappedBy(allowed: StepLine, span: Span): Span[] {
  const changes = allowed.filter(([moment, w]) => w !== null && moment > toSeconds(span.from) && moment < toSeconds(span.to));
  const starts = [
    { from: span.from, w: span.w, a: span.a },
    ...changes.map(([from, w, a]) => ({ from: epochMillis(from * 1_000), w: w ?? span.w, a: a ?? span.a })),
  ];
  return starts.map((it, n): Span => {
    const isLower = it.w < span.w;
    return { from: it.from, to: starts[n + 1]?.from ?? span.to, w: isLower ? it.w : span.w, a: isLower ? it.a : span.a, estimated: isLower };
  });
}

function measuredBy({ power, current }: MeterSample, { voltage, phases, dc }: DrawnAt): { w: number; a: number } | undefined {
  const amperes = dc ? undefined : current;
  const w = power ?? (amperes === undefined ? undefined : amperes * voltage);
  return w === undefined ? undefined : { w: Math.round(w), a: tenths(amperes === undefined ? w / (voltage * phases) : amperes / phases) };
}

function estimateBetween(from: MeterSample, to: MeterSample, { voltage, phases, watts }: DrawnAt): Span[] {
  const gap = to.at - from.at;
  const energy = to.energy - from.energy;
  if (gap < SHORTEST_MS || gap > LONGEST_MS || energy < 0) return [];
  const w = Math.min(watts, Math.round((energy * 3.6e6) / gap));
  return [{ from: from.at, to: to.at, w, a: tenths(w / (voltage * phases)), estimated: true }];
}

/** Where no span follows at once, it is not known what is drawn. */
function lineOf(spans: readonly Span[]): StepLine {
  return mergeSteps(
    spans.flatMap(({ from, to, w, a }, n): LinePoint[] => {
      const ends: LinePoint[] = spans[n + 1]?.from === to ? [] : [[toSeconds(to), null, null]];
      return [[toSeconds(from), w, a], ...ends];
    }),
  );
}

function joined(spans: readonly Span[]): Drawn['estimated'] {
  const all: [EpochSeconds, EpochSeconds][] = [];
  for (const { from, to } of spans) {
    const last = all.at(-1);
    if (last && last[1] >= toSeconds(from)) last[1] = toSeconds(to);
    else all.push([toSeconds(from), toSeconds(to)]);
  }
  return all;
}

const tenths = (it: number) => Math.round(it * 10) / 10;
