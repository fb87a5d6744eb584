import { expect, test } from 'vitest';
import { capableEvses } from './preferences-capable.ts';

const spots = ['1', '2', '3'].map((n) => ({ uid: `E${n}`, locationId: n === '3' ? 'LOC2' : 'LOC1' }));
const capable = (...contracts: Parameters<typeof capableEvses>[1]) => [...capableEvses(spots, contracts)];

test('SES-53: without a contract nobody goes by the wishes of drivers', () => {
  expect(capable()).toEqual([]);
});

test.each([
  ['no place', {}, ['E1', 'E2', 'E3']],
  ['every location', { locations: ['*'] }, ['E1', 'E2', 'E3']],
  ['one location, whatever the case', { locations: ['loc1'] }, ['E1', 'E2']],
  ['one EVSE', { evses: ['e3'] }, ['E3']],
  ['an EVSE that is elsewhere', { locations: ['LOC2'], evses: ['E1'] }, []],
])('SES-53: a contract that names %s covers these EVSEs', (_, contract, uids) => {
  expect(capable(contract)).toEqual(uids);
});

test('SES-53: several contracts cover what each of them covers', () => {
  expect(capable({ evses: ['E1'] }, { locations: ['LOC2'] })).toEqual(['E1', 'E3']);
});
