import { describe, expect, test } from 'vitest';
import { epochSeconds } from '../units.ts';
import { fromComposite, limitOfPeriod, type PeriodLimits } from './read-composite.ts';

describe('the limit of a period, in A and in W', () => {
  test.each<[string, PeriodLimits, unknown[]]>([
    ['is its only limit', { limit: 10 }, [10, 10]],
    ['is the lowest of the phases in A, and their sum in W', { limit: 10, limit_L2: 8, limit_L3: 9 }, [8, 27]],
    ['is unknown in W without the first phase', { limit_L2: 8 }, [8, undefined]],
    ['is 0 when the charge point is idle', { operationMode: 'Idle' }, [0, 0]],
    ['is its limit also when the charge point is idle', { limit: 10, operationMode: 'Idle' }, [10, 10]],
    ['is none in another mode without a limit', { operationMode: 'CentralSetpoint' }, [undefined, undefined]],
    ['is none without anything', {}, [undefined, undefined]],
  ])('%s', (_, period, inBoth) => {
    expect([limitOfPeriod(period, 'A'), limitOfPeriod(period, 'W')]).toEqual(inBoth);
  });
});

describe('the start of a composite schedule', () => {
  const schedule = { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] };
  const moment = (hour: number) => `2026-01-31T0${hour}:00:00Z`;
  const requested = epochSeconds(Date.parse(moment(1)) / 1000);
  const hourOf = (wire: unknown) => {
    const read = fromComposite(wire, requested);
    return read.ok ? (read.value.start - requested) / 3_600 + 1 : read.problem;
  };

  test('is that of the answer, else that of the schedule in it', () => {
    expect(hourOf({ scheduleStart: moment(2), chargingSchedule: { ...schedule, startSchedule: moment(3) } })).toBe(2);
    expect(hourOf({ chargingSchedule: { ...schedule, startSchedule: moment(3) } })).toBe(3);
    expect(hourOf({ schedule: { ...schedule, scheduleStart: moment(4), startSchedule: moment(3) } })).toBe(4);
    expect(hourOf({ ...schedule, startSchedule: moment(5) })).toBe(5);
  });

  test('is the moment of the request without any', () => {
    expect(hourOf({ chargingSchedule: schedule })).toBe(1);
  });

  test('and its duration may be anything from 0 on, but no negative one', () => {
    expect(hourOf({ ...schedule, duration: 0 })).toBe(1);
    expect(hourOf({ ...schedule, duration: 8_638_204_675_089 })).toBe(1);
    expect(hourOf({ ...schedule, duration: -1 })).toContain('duration: found -1');
  });
});
