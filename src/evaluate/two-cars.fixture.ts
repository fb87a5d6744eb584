import { sessionKey } from '../domain/ids.ts';
import { epochSeconds, volts, wattHours } from '../domain/units.ts';
import type { PastCharge, Scenario } from './scenario.ts';
import { gridLimit } from './scenarios/synthetic.ts';

/** 2026-11-24 00:00Z. */
export const MIDNIGHT = Date.UTC(2026, 10, 24) / 1_000;
/** The moment that many hours after it. */
export const hour = (hours: number) => epochSeconds(MIDNIGHT + hours * 3_600);

/** A car that takes 4 kW at most, from and to some hours, with some kWh. */
export const car = (id: string, { from, to, kwh }: { from: number; to: number; kwh: number }): PastCharge => ({
  key: sessionKey('NL', 'CPO', id),
  evse: id,
  electric: { unit: 'W', min: 0, max: 4_000, voltage: volts(230), phases: [1, 2, 3] },
  arrival: hour(from),
  departure: hour(to),
  energy: wattHours(kwh * 1_000),
  profileType: 'CHEAP',
});

/** Two cars of 4 kWh behind 4 kW, from 0:00 to 4:00; the first two hours cost 0.40, the next two 0.10. */
export const twoCars = (changes: Partial<Scenario> = {}): Scenario => ({
  name: 'two cars',
  label: 'two cars',
  currency: 'EUR',
  sessions: [car('A', { from: 0, to: 4, kwh: 4 }), car('B', { from: 0, to: 4, kwh: 4 })],
  earlier: [],
  limits: gridLimit(4),
  prices: [
    { from: hour(0), to: hour(2), value: 0.4 },
    { from: hour(2), to: hour(30), value: 0.1 },
  ],
  zone: 0,
  ...changes,
});
