import { expect, test } from 'vitest';
import { stationId } from '../../domain/ids.ts';
import type { ReportedSchedule } from '../../domain/profile/active-profile.ts';
import { epochSeconds, seconds } from '../../domain/units.ts';
import { AnnouncedLimits, EV } from './announced-limits.ts';

const CP = stationId('CP-1');

test('CP-25: a limit holds at its EVSE, or at all EVSEs of the charge point, until it is cleared', () => {
  const limits = new AnnouncedLimits();
  expect(limits.at(CP, 1)).toBeUndefined();
  limits.note(CP, { evseId: 2, source: 'EMS' });
  expect([limits.at(CP, 1), limits.at(CP, 2)]).toEqual([
    { lowered: false, raised: false },
    { lowered: true, raised: false },
  ]);
  limits.note(CP, { source: 'SO' });
  limits.note(CP, { evseId: 2, source: 'EMS', isOver: true });
  expect(limits.at(CP, 2)).toEqual({ lowered: true, raised: false });
  limits.note(CP, { source: 'SO', isOver: true });
  expect(limits.at(CP, 2)).toEqual({ lowered: false, raised: false });
});

test('CP-25: priority charging raises the limit, and the limit of a car ends when another car starts', () => {
  const limits = new AnnouncedLimits();
  limits.note(CP, { source: 'PriorityCharging' });
  limits.note(CP, { evseId: 1, source: EV });
  expect(limits.at(CP, 1)).toEqual({ lowered: true, raised: true });
  limits.carChanged(CP, 1);
  expect(limits.at(CP, 1)).toEqual({ lowered: false, raised: true });
});

test('F-62: the amounts of the limits at an EVSE are known until they are replaced or cleared', () => {
  const limits = new AnnouncedLimits();
  const amount = (limit: number, periods = 1): ReportedSchedule => ({
    start: epochSeconds(0),
    unit: 'A',
    periods: Array.from({ length: periods }, (_, n) => ({ start: seconds(n), limit })),
  });
  limits.note(CP, { evseId: 1, source: 'EMS', limits: [amount(8)] });
  limits.note(CP, { source: 'SO', limits: [amount(10)] });
  limits.note(CP, { evseId: 2, source: 'EMS', limits: [amount(6)] });
  expect(limits.at(CP, 1)).toEqual({ lowered: true, raised: false, limits: [amount(8), amount(10)] });
  limits.note(CP, { evseId: 1, source: 'EMS' });
  limits.note(CP, { source: 'SO', limits: [amount(9)] });
  expect(limits.at(CP, 1)).toEqual({ lowered: true, raised: false, limits: [amount(9)] });
  limits.note(CP, { source: 'SO', isOver: true });
  limits.note(CP, { evseId: 1, source: 'EMS', limits: [amount(8, 201)] });
  expect(limits.at(CP, 1)).toEqual({ lowered: true, raised: false });
});

test('SEC-24: a charge point that names thousands of sources does not fill the memory, and can still clear the ones that are kept', () => {
  const limits = new AnnouncedLimits();
  for (let n = 0; n < 1_000; n += 1) limits.note(CP, { evseId: 1, source: `S${n}` });
  for (let n = 0; n < 16; n += 1) limits.note(CP, { evseId: 1, source: `S${n}`, isOver: true });
  expect(limits.at(CP, 1)).toEqual({ lowered: false, raised: false });
});
