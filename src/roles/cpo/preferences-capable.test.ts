import { expect, test } from 'vitest';
import { capableEvses } from './preferences-capable.ts';

const evses = ['1', '2', '3'].map((n) => ({ uid: `E${n}`, locationId: n === '3' ? 'LOC2' : 'LOC1' }));
const capable = (...contracts: Parameters<typeof capableEvses>[1]) => [...capableEvses(evses, contracts)];

test('SES-53: without a contract no EVSE applies preferences', () => {
  expect(capable()).toEqual([]);
});

test.each([
  ['no location', {}, ['E1', 'E2', 'E3']],
  ['every location', { locations: ['*'] }, ['E1', 'E2', 'E3']],
  ['one location, whatever the case', { locations: ['loc1'] }, ['E1', 'E2']],
  ['several locations', { locations: ['LOC9', 'LOC1'] }, ['E1', 'E2']],
  ['one EVSE', { evses: ['e3'] }, ['E3']],
  ['an EVSE at another location', { locations: ['LOC2'], evses: ['E1'] }, []],
])('SES-53: a contract with %s covers these EVSEs', (_, contract, uids) => {
  expect(capable(contract)).toEqual(uids);
});

test('SES-53: several contracts cover the EVSEs of each of them', () => {
  expect(capable({ evses: ['E1'] }, { locations: ['LOC2'] })).toEqual(['E1', 'E3']);
});
