import { expect, test } from 'vitest';
import type { ChargingPreferences, PreferencesAnswer } from '../domain/preferences.ts';
import { epochSeconds, wattHours } from '../domain/units.ts';
import { answerPreferences } from './preferences.ts';

const now = epochSeconds(1_800_000_000);
const data = { now, prices: true, carbon: false };
const wanted = (more: Partial<ChargingPreferences>): ChargingPreferences => ({ profileType: 'CHEAP', dischargeAllowed: false, ...more });
const tomorrow = epochSeconds(now + 86_400);
const energyNeed = wattHours(10_000);

test.each<[PreferencesAnswer, string, Partial<ChargingPreferences>]>([
  ['ACCEPTED', 'CHEAP with departure and need', { departure: tomorrow, energyNeed }],
  ['ACCEPTED', 'FAST alone', { profileType: 'FAST' }],
  ['ACCEPTED', 'REGULAR with dischargeAllowed, which is not planned', { profileType: 'REGULAR', dischargeAllowed: true }],
  ['DEPARTURE_REQUIRED', 'CHEAP without a departure', { energyNeed }],
  ['ENERGY_NEED_REQUIRED', 'CHEAP without a need', { departure: tomorrow }],
  ['NOT_POSSIBLE', 'CHEAP with a departure that is now', { departure: now, energyNeed }],
  ['NOT_POSSIBLE', 'FAST with a departure in the past', { profileType: 'FAST', departure: epochSeconds(now - 1) }],
  ['PROFILE_TYPE_NOT_SUPPORTED', 'GREEN without known carbon intensity', { profileType: 'GREEN', departure: tomorrow, energyNeed }],
])('SES-52: %s is the answer to %s', (answer, _, more) => {
  expect(answerPreferences(wanted(more), data)).toBe(answer);
});

test.each(['FAST', 'REGULAR'] as const)('SES-52: %s needs no prices', (profileType) => {
  expect(answerPreferences(wanted({ profileType }), { ...data, prices: false })).toBe('ACCEPTED');
});

test('SES-52: CHEAP is not supported without prices', () => {
  expect(answerPreferences(wanted({ departure: tomorrow, energyNeed }), { ...data, prices: false })).toBe('PROFILE_TYPE_NOT_SUPPORTED');
});
