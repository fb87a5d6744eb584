import { expect, test } from 'vitest';
import { amperes, watts } from '../../domain/units.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { wireSession } from '../../ocpi/sessions/wire-session.fixture.ts';
import type { PlannedEvse } from '../../planner/problem.ts';
import { takesAtMost } from './measured-draw.ts';
import { holding, inHours, inSeconds, limits, session, underway } from './steered-session.fixture.ts';

const upTo = (limit: number) => ({ ...limits([0, limit]), start: inHours(-1) });
type Period = NonNullable<WireSession['charging_periods']>[number];
const time = (s: number) => new Date(inSeconds(s)).toISOString();
const period = (s: number, volumes: Record<string, number>): Period => ({
  start_date_time: time(s),
  dimensions: Object.entries(volumes).map(([type, volume]) => ({ type: type as Period['dimensions'][number]['type'], volume })),
});
const ended = (charging_periods: Period[]) => wireSession({ charging_periods, last_updated: time(0) });
const { evse } = session(1);
const dc: PlannedEvse = { current: 'DC', power: watts(50_000) };
const charging = (volumes: Record<string, number>) => [period(-300, { ENERGY: 0.5, TIME: 0.0833, ...volumes })];
const parked = period(-300, { ENERGY: 0, PARKING_TIME: 0.0833 });
const limit = { unit: 'A' as const, value: amperes(64) };
const most = (periods: Period[], { at = evse, held = holding(1, upTo(16)) } = {}) => takesAtMost(ended(periods), held, { evse: at, limit });

test.each<{ what: string; periods: Period[]; more?: Parameters<typeof most>[1]; expected: number | undefined }>([
  { what: 'a car on three phases that draws 8 of 16 A', periods: charging({ MAX_CURRENT: 24 }), expected: 15 },
  { what: 'a car on one phase that draws 8 of 16 A', periods: charging({ MAX_CURRENT: 8 }), expected: 10 },
  { what: 'a car that draws its limit on one phase', periods: charging({ MAX_CURRENT: 16 }), expected: undefined },
  { what: 'a car that draws its limit on three phases', periods: charging({ MAX_CURRENT: 47.5 }), expected: undefined },
  { what: 'a DC car that draws 20 of 50 kW', periods: charging({ MAX_POWER: 20 }), more: { at: dc, held: holding(1, upTo(16)) }, expected: 25_000 },
  { what: 'a car that is suspended by itself', periods: [parked], expected: 6 },
  { what: 'a car that goes on after that', periods: [parked, period(0, { TIME: 0 })], expected: undefined },
  { what: 'a car that is suspended by its limit', periods: [parked], more: { held: holding(1, upTo(0)) }, expected: undefined },
  { what: 'a full car', periods: charging({ MAX_CURRENT: 48, STATE_OF_CHARGE: 100 }), expected: 6 },
  { what: 'a period without a current', periods: charging({}), expected: undefined },
  { what: 'a short period', periods: [period(-60, { ENERGY: 0.1, TIME: 0.0167, MAX_CURRENT: 8 })], expected: undefined },
  {
    what: 'a limit from within the period',
    periods: charging({ MAX_CURRENT: 8 }),
    more: { held: holding(1, upTo(16), { sentAt: [inSeconds(-60)] }) },
    expected: undefined,
  },
  { what: 'a profile that is under way', periods: charging({ MAX_CURRENT: 8 }), more: { held: underway(upTo(16)) }, expected: undefined },
  { what: 'a session without periods', periods: [], expected: undefined },
])('$what takes at most $expected', ({ periods, more, expected }) => {
  expect(most(periods, more)).toBe(expected);
});
