import { epochSeconds } from '../../domain/units.ts';
import type { NodeLimit } from '../../planner/index.ts';
import type { PastCharge, Scenario } from '../scenario.ts';

/** The stations of two pods, which have a limit of 80 A each. */
const PODS: Readonly<Record<string, readonly string[]>> = {
  cc: '322 493 496 320 495 321 323 494'.split(' '),
  av: '324 325 326 327 489 490 491 492'.split(' '),
};
const POD_LIMIT = 80;
/** The stations by the two lines that they are connected to: AB, BC, CA. */
const GROUPS: readonly (readonly string[])[] = [
  [...'308 508 303 513 310 506 316 500 318 498'.split(' '), ...(PODS.cc ?? []), ...(PODS.av ?? [])],
  '304 512 305 511 313 503 311 505 317 499 148 149 212 213'.split(' '),
  '307 509 309 507 306 510 315 501 319 497 312 504 314 502'.split(' '),
];
/** The angle of the current of each group, in degrees. */
const ANGLES = [30, -90, 150];
/** The lines of the transformer: what a group adds to the current of a line, and the voltage of the side. */
const LINES: readonly { name: string; parts: readonly number[]; voltage: number }[] = [
  { name: 'secondary A', parts: [1, 0, -1], voltage: 120 },
  { name: 'secondary B', parts: [-1, 1, 0], voltage: 120 },
  { name: 'secondary C', parts: [0, -1, 1], voltage: 120 },
  { name: 'primary A', parts: [1 / 4, 1 / 4, -2 / 4], voltage: 277 },
  { name: 'primary B', parts: [-2 / 4, 1 / 4, 1 / 4], voltage: 277 },
  { name: 'primary C', parts: [1 / 4, -2 / 4, 1 / 4], voltage: 277 },
];
/** Degrees between two cuts of the circle that limits the current of a line. */
const STEP = 7;

const rad = (degrees: number) => (degrees * Math.PI) / 180;
const turn = (degrees: number) => ((degrees % 360) + 360) % 360;
const numberOf = (station: string) => station.replace('CA-', '');
const groupOf = (station: string): number => GROUPS.findIndex((stations) => stations.includes(numberOf(station)));
const ampsOf = (cap: number, voltage: number) => (cap * 1_000) / 3 / voltage;

const pods: readonly NodeLimit[] = Object.keys(PODS).map((name) => ({
  name,
  parent: 'root',
  steps: [{ from: epochSeconds(0), to: epochSeconds(1e11), amperes: POD_LIMIT }],
}));

/** The limits of the two pods, and the pod of a station. */
export const caltechLimits = {
  limits: [{ name: 'root', steps: [] }, ...pods] as readonly NodeLimit[],
  nodeOf: (station: string): string => Object.keys(PODS).find((pod) => PODS[pod]?.includes(numberOf(station))) ?? 'root',
};

/**
 * The current of a line is a sum of vectors; its length is limited. Straight cuts inside the circle keep to that limit, and are linear.
 * They cover only the directions that currents of the groups can have.
 */
export const caltechSums = (cap: number): NonNullable<Scenario['sums']> =>
  LINES.flatMap(({ name, parts, voltage }) => {
    const vectors = parts.map((part, group) => ({ length: Math.abs(part), angle: turn((ANGLES[group] ?? 0) + (part < 0 ? 180 : 0)) }));
    const { base, width } = narrowest(vectors.filter(({ length }) => length > 0).map(({ angle }) => angle));
    const cuts = Math.ceil(width / STEP);
    return Array.from({ length: cuts + 1 }, (_, k) => {
      const direction = base + (width * k) / cuts;
      const weights = vectors.map(({ length, angle }) => length * Math.cos(rad(angle - direction)));
      return {
        name: `${name} cut ${k}`,
        weightOf: ({ evse }: PastCharge) => weights[groupOf(evse)] ?? 0,
        ceiling: ampsOf(cap, voltage) * Math.cos(rad(width / cuts / 2)),
      };
    });
  });

/** The narrowest span of directions that holds all of these. */
function narrowest(angles: readonly number[]): { base: number; width: number } {
  const spans = angles.map((base) => ({ base, width: Math.max(...angles.map((angle) => turn(angle - base))) }));
  return spans.reduce((best, it) => (it.width < best.width ? it : best));
}

/** Whether the true current of a line is more than its limit. */
export function exceedsCaltech(amperes: ReadonlyMap<PastCharge, number>, cap: number): boolean {
  const sums = [0, 0, 0];
  for (const [{ evse }, load] of amperes) sums[groupOf(evse)] = (sums[groupOf(evse)] ?? 0) + load;
  return LINES.some(({ parts, voltage }) => {
    const along = (axis: (angle: number) => number) => parts.reduce((sum, part, n) => sum + part * (sums[n] ?? 0) * axis(rad(ANGLES[n] ?? 0)), 0);
    return Math.hypot(along(Math.cos), along(Math.sin)) > ampsOf(cap, voltage) + 1e-6;
  });
}
