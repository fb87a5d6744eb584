import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { wattHours } from '../domain/units.ts';
import { planOfSchedules } from '../planner/finish/sent-plan.ts';
import { always, car, fastDc, siteProblem } from '../planner/site-day.fixture.ts';
import { at, carPark } from '../planner/synthetic-site.ts';
import { faultsOf } from './check-plan.fixture.ts';
import { optimise } from './optimiser.fixture.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/planner.schema.json'), 'utf8'));
const ajv = new Ajv2020({ strict: true, strictTypes: false });
ajv.addSchema(schema, 'planner');
const isProblem = ajv.compile({ $ref: 'planner#/$defs/problem' });
const isPlan = ajv.compile({ $ref: 'planner#/$defs/plan' });

/** A problem with every field. */
const full = siteProblem(
  [
    car(1, { node: 'panel', likelyDeparture: at(5), promised: wattHours(5), ceiling: [{ from: at(0), to: at(1), value: 8 }] }),
    car(2, { evse: fastDc, dischargeAllowed: true, discharge: { max: 5_000, available: wattHours(1), room: wattHours(9_000), efficiency: 0.9, wear: 0.01 } }),
  ],
  {
    limits: [always({ amperes: [40, 50, 60], watts: 30_000 }), always({ amperes: 32 }, 'panel', 'grid')],
    sums: [{ name: 'sum', weights: { [car(1).key]: 1 }, steps: [{ from: at(0), to: at(9), value: 20 }] }],
  },
);

describe('PLN-C10: docs/planner.schema.json', () => {
  test('describes problems and plans, and refuses others', () => {
    for (const problem of [full, carPark(5, { seed: 1 }), { ...full, sent: optimise(full).schedules }]) {
      expect(isProblem(problem), JSON.stringify(isProblem.errors)).toBe(true);
      expect(isPlan(optimise(problem)), JSON.stringify(isPlan.errors)).toBe(true);
    }
    expect(isProblem({ ...full, sessions: [{ key: 'S1' }] })).toBe(false);
    expect(isPlan({ schedules: [{ key: 'S1', steps: [{ from: 1, value: 6 }] }] })).toBe(false);
  });
  test('the plan of another optimiser has a certificate, which names the limits that it exceeds', () => {
    const own = optimise(full);
    const same = planOfSchedules(full, own.schedules, { method: 'EXTERNAL' });
    expect(same.schedules.map(({ steps }) => steps)).toEqual(own.schedules.map(({ steps }) => steps));
    expect(same.certificate).toMatchObject({ method: 'EXTERNAL', exceeded: [] });
    expect(faultsOf(full, same)).toEqual([]);
    const wild = planOfSchedules(full, [{ key: car(1).key, steps: [{ from: at(0), to: at(8), value: 60 }], why: 'because' }], { method: 'EXTERNAL' });
    expect(wild.certificate.exceeded).toEqual(['grid on L1', 'grid on L2', 'grid', 'panel', 'sum', `the EVSE of ${car(1).key}`]);
    expect(wild.schedules[0]?.why).toBe('because');
    expect(wild.schedules[1]?.steps).toEqual([{ from: full.now, to: full.horizonEnd, value: 0 }]);
  });
});
