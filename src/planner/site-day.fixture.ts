import { volts, wattHours } from '../domain/units.ts';
import type { EvseData, NodeLimit, Phase, SessionProblem, SiteProblem } from './site-problem.ts';
import { at, DAY_PRICES, hourly, nameOf } from './synthetic-site.ts';

export const threePhase: EvseData = { unit: 'A', min: 6, max: 16, voltage: volts(230), phases: [1, 2, 3] };
export const onePhase = (phase: Phase = 1): EvseData => ({ unit: 'A', min: 6, max: 32, voltage: volts(230), phases: [phase] });
export const fastDc: EvseData = { unit: 'W', min: 0, max: 50_000, voltage: volts(230), phases: [1, 2, 3] };
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
export const siteProblem = (sessions: readonly SessionProblem[], more: Partial<SiteProblem> = {}): SiteProblem => ({
  site: 'LOC1',
  now: at(0),
  horizonEnd: at(24),
  sessions,
  limits: [always({ amperes: 100 })],
  prices: hourly(DAY_PRICES),
  ...more,
});
