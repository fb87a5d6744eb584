import { describe, expect, test } from 'vitest';
import { epochSeconds } from '../../domain/units.ts';
import type { OcppVersion } from '../station.ts';
import { applyCsmsEvent, beginTransaction, endTransaction, isUncertain, type KnownProfiles, MOST_PROFILES, NO_PROFILES } from './apply-csms-event.ts';
import { type CsmsAnswer, type ProfileKey, readCsmsCall } from './csms-profiles.ts';
import { placeFor } from './place-profile.ts';

const NOW = epochSeconds(1_770_000_000);
const accepted: CsmsAnswer = { is: 'result', payload: { status: 'Accepted' } };
const answered = (status: string): CsmsAnswer => ({ is: 'result', payload: { status } });
const VERSIONS = ['1.6', '2.0.1', '2.1'] as const;

interface Written {
  id: number;
  evseId?: number;
  level?: number;
  purpose?: string;
  tx?: number | string;
  limit?: unknown;
  kind?: string;
}

const schedule = (limit: unknown) => ({ chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] });

/** A SetChargingProfile of a CSMS. */
function setOf(version: OcppVersion, { id, evseId = 1, level = 0, purpose = 'TxDefaultProfile', tx, limit = 10, kind = 'Relative' }: Written): object {
  const profile = {
    stackLevel: level,
    chargingProfilePurpose: purpose,
    chargingProfileKind: kind,
    ...(tx !== undefined && { transactionId: version === '1.6' ? tx : String(tx) }),
    chargingSchedule: version === '1.6' ? schedule(limit) : [{ id: 1, ...schedule(limit) }],
  };
  return version === '1.6'
    ? { connectorId: evseId, csChargingProfiles: { chargingProfileId: id, ...profile } }
    : { evseId, chargingProfile: { id, ...profile } };
}

const OURS: ProfileKey = { evseId: 1, id: 2 ** 30 + 5, purpose: 'tx', stackLevel: 8, transactionId: '77' };

interface Call {
  action: string;
  payload: unknown;
  answer?: CsmsAnswer;
}

/** The list after some calls; `ours` is at the station. */
function listAfter(version: OcppVersion, calls: readonly Call[], ours: readonly ProfileKey[] = []): { known: KnownProfiles; taken: string[] } {
  let known = NO_PROFILES;
  const taken: string[] = [];
  for (const { action, payload, answer = accepted } of calls) {
    const read = readCsmsCall({ version, action, payload, answer });
    if (!read) continue;
    const applied = applyCsmsEvent(known, read, { ours, now: NOW });
    known = applied.known;
    taken.push(...applied.taken.map(({ because }) => because));
  }
  return { known, taken };
}

const set = (version: OcppVersion, it: Written, answer?: CsmsAnswer): Call => ({
  action: 'SetChargingProfile',
  payload: setOf(version, it),
  ...(answer && { answer }),
});
const clear = (payload: object, answer?: CsmsAnswer): Call => ({ action: 'ClearChargingProfile', payload, ...(answer && { answer }) });
const idsOf = ({ profiles }: KnownProfiles) => profiles.map(({ id }) => id);

describe.each(VERSIONS)('GW-P01: the list of the profiles of a CSMS at a station of OCPP %s', (version) => {
  const criteria = (it: { id?: number; evse?: number; purpose?: string; level?: number }) => {
    const { id, evse, purpose, level } = it;
    const more = { ...(purpose && { chargingProfilePurpose: purpose }), ...(level !== undefined && { stackLevel: level }) };
    if (version === '1.6') return { ...(id !== undefined && { id }), ...(evse !== undefined && { connectorId: evse }), ...more };
    const inside = { ...(evse !== undefined && { evseId: evse }), ...more };
    return { ...(id !== undefined && { chargingProfileId: id }), ...(Object.keys(inside).length > 0 && { chargingProfileCriteria: inside }) };
  };
  const max = version === '1.6' ? 'ChargePointMaxProfile' : 'ChargingStationMaxProfile';
  const three = [
    set(version, { id: 1, evseId: 0, level: 1, purpose: max }),
    set(version, { id: 2, level: 1 }),
    set(version, { id: 3, level: 2, purpose: 'TxProfile', tx: 77 }),
  ];

  test.each([
    ['the same id, also with another purpose and level', { id: 1, level: 9, purpose: 'TxProfile', tx: 77 }, [2, 3, 1]],
    ['the same purpose, level and EVSE', { id: 9, level: 1 }, [1, 3, 9]],
    ['another level is added', { id: 9, level: 2 }, [1, 2, 3, 9]],
    ['another EVSE is added', { id: 9, level: 1, evseId: 2 }, [1, 2, 3, 9]],
  ] as const)('a set replaces: %s', (_, profile, ids) => {
    expect(idsOf(listAfter(version, [...three, set(version, profile)]).known)).toEqual(ids);
  });

  test.each([
    ['no criteria', {}, { ids: [], taken: ['cleared'] }],
    ['an id', { id: 2 }, { ids: [1, 3], taken: [] }],
    ['an EVSE', { evse: 1 }, { ids: [1], taken: ['cleared'] }],
    ['EVSE 0, the whole station', { evse: 0 }, { ids: [2, 3], taken: [] }],
    ['a purpose', { purpose: 'TxProfile' }, { ids: [1, 2], taken: ['cleared'] }],
    ['a purpose and a level', { purpose: 'TxProfile', level: 2 }, { ids: [1, 2], taken: [] }],
    ['a level that ours has too', { level: 8 }, { ids: [1, 2, 3], taken: ['cleared'] }],
    ['all criteria', { evse: 1, purpose: 'TxDefaultProfile', level: 1 }, { ids: [1, 3], taken: [] }],
    ['the id of ours', { id: OURS.id }, { ids: [1, 2, 3], taken: ['cleared'] }],
  ] as const)('a clear with %s', (_, wanted, after) => {
    const result = listAfter(version, [...three, clear(criteria(wanted))], [OURS]);
    expect({ ids: idsOf(result.known), taken: result.taken }).toEqual(after);
  });

  test.each([
    ['Rejected', answered('Rejected'), false],
    ['a CALLERROR', { is: 'error' } as const, false],
    ['no answer', { is: 'none' } as const, true],
    ['an unknown status', answered('Perhaps'), true],
  ])('a set that ends with %s changes nothing; uncertain: %s', (_, answer, uncertain) => {
    const { known } = listAfter(version, [...three, set(version, { id: 9, level: 5 }, answer)]);
    expect([idsOf(known), isUncertain(known)]).toEqual([[1, 2, 3], uncertain]);
  });

  test('a clear of a known profile that ends with Unknown makes the list uncertain, one without criteria makes it certain again', () => {
    const unknown = listAfter(version, [...three, clear(criteria({ id: 2 }), answered('Unknown'))]).known;
    expect([idsOf(unknown), isUncertain(unknown)]).toEqual([[1, 2, 3], true]);
    expect(isUncertain(listAfter(version, [...three, clear(criteria({ id: 8 }), answered('Unknown'))]).known)).toBe(false);
    expect(listAfter(version, [...three, clear(criteria({ id: 2 }), { is: 'none' }), clear({})]).known).toEqual(NO_PROFILES);
  });

  test('a profile of a remote start becomes a TxProfile when its transaction begins, with a payload that sets it again', () => {
    const [action, where] = version === '1.6' ? ['RemoteStartTransaction', { connectorId: 1 }] : ['RequestStartTransaction', { evseId: 1 }];
    const { csChargingProfiles, chargingProfile = csChargingProfiles } = setOf(version, { id: 4, level: 1, purpose: 'TxProfile' }) as Record<string, object>;
    const { known } = listAfter(version, [{ action, payload: { ...where, idTag: 'A', chargingProfile } }]);
    expect(placeFor({ id: 9, evseId: 1, purpose: 'tx', transactionId: '88' }, known, { maxStackLevel: 1, otherIds: [] })).toEqual({ id: 9, stackLevel: 1 });
    const begun = beginTransaction(known, { version, evseId: 1, transactionId: '88' });
    const [only] = begun.profiles;
    expect(only).toMatchObject({ id: 4, evseId: 1, transactionId: '88', profile: { transactionId: '88' } });
    expect(only?.awaitsStart).toBeUndefined();
    expect(JSON.stringify(only?.payload)).toContain(version === '1.6' ? '"transactionId":88' : '"transactionId":"88"');
    expect(endTransaction(begun, { evseId: 1, transactionId: '88' }).profiles).toEqual([]);
  });

  test('a TxProfile ends with its transaction, or when another one starts at the EVSE', () => {
    const { known } = listAfter(version, three);
    expect(idsOf(endTransaction(known, { evseId: 1, transactionId: '77' }))).toEqual([1, 2]);
    expect(endTransaction(known, { evseId: 1, transactionId: '78' })).toBe(known);
    expect(idsOf(beginTransaction(known, { version, evseId: 1, transactionId: '78', isStart: true }))).toEqual([1, 2]);
  });

  test.each([
    ['no object', 7],
    ['null', null],
    ['an array', [[]]],
    ['nothing inside', {}],
    ['a prototype instead of fields', Object.create({ connectorId: 1, evseId: 1 })],
    ['a level that is no number', setOf(version, { id: 1, level: Number.NaN })],
    ['a purpose that nobody knows', setOf(version, { id: 1, purpose: 'Everything' })],
    ['a transaction id of a megabyte', setOf(version, { id: 1, purpose: 'TxProfile', tx: 'x'.repeat(1e6) })],
  ])('GW-P02: what cannot be read makes the list uncertain: %s', (_, payload) => {
    const { known } = listAfter(version, [...three, { action: 'SetChargingProfile', payload }]);
    expect([idsOf(known), isUncertain(known)]).toEqual([[1, 2, 3], true]);
  });

  test('GW-P02: a profile whose schedule cannot be read keeps its place, and the list is uncertain until it is gone', () => {
    const { known } = listAfter(version, [set(version, { id: 5, level: 3, limit: 'much' })]);
    expect([idsOf(known), isUncertain(known)]).toEqual([[5], true]);
    expect(isUncertain(listAfter(version, [set(version, { id: 5, level: 3, limit: 'much' }), clear(criteria({ id: 5 }))]).known)).toBe(false);
  });

  test('GW-P02: the list and its texts are bounded', () => {
    const many = Array.from({ length: MOST_PROFILES + 20 }, (_, id) => set(version, { id: id + 1, level: id }));
    const { known } = listAfter(version, many);
    expect([known.profiles.length, isUncertain(known)]).toEqual([MOST_PROFILES, true]);
    const large = setOf(version, { id: 1 });
    Object.assign(large, { customData: 'x'.repeat(100_000) });
    expect(listAfter(version, [{ action: 'SetChargingProfile', payload: large }]).known.profiles[0]?.payload).toBeUndefined();
  });
});

describe('GW-P01: what only some versions have', () => {
  test.each(['Heartbeat', 'GetCompositeSchedule', 'ReserveNow', 'constructor', '__proto__', 'RemoteStartTransaction'])(
    '%s says nothing about profiles',
    (action) => {
      expect(readCsmsCall({ version: '1.6', action, payload: { idTag: 'A' }, answer: accepted })).toBeUndefined();
    },
  );

  test('OCPP 1.6: the id of a clear counts together with the other criteria', () => {
    const calls = [set('1.6', { id: 2, level: 1 }), clear({ id: 2, stackLevel: 5 }, answered('Accepted'))];
    expect(idsOf(listAfter('1.6', calls).known)).toEqual([2]);
  });

  test('OCPP 2.x: the id of a clear counts alone', () => {
    const calls = [set('2.0.1', { id: 2, level: 1 }), clear({ chargingProfileId: 2, chargingProfileCriteria: { stackLevel: 5 } })];
    expect(idsOf(listAfter('2.0.1', calls).known)).toEqual([]);
  });

  test('OCPP 1.6: a set at the place of ours replaces ours', () => {
    expect(listAfter('1.6', [set('1.6', { id: 6, level: 8, purpose: 'TxProfile', tx: 77 })], [OURS]).taken).toEqual(['replaced']);
  });

  test('OCPP 2.x: a set that was refused at the place of ours makes ours leave it', () => {
    const { known, taken } = listAfter('2.0.1', [set('2.0.1', { id: 6, level: 8, purpose: 'TxProfile', tx: '77' }, answered('Rejected'))], [OURS]);
    expect(taken).toEqual([]);
    expect(placeFor(OURS, known, { maxStackLevel: 8, otherIds: [] })).toEqual({ id: OURS.id, stackLevel: 7 });
  });

  test.each([
    ['UpdateDynamicSchedule', { chargingProfileId: 7, scheduleUpdate: { limit: 6 } }, accepted],
    ['PullDynamicScheduleUpdate', { chargingProfileId: 7 }, { is: 'result', payload: { status: 'Accepted', scheduleUpdate: { limit: 6 } } }],
  ] as const)('OCPP 2.1: %s changes the limit of a Dynamic profile', (action, payload, answer) => {
    const { known } = listAfter('2.1', [set('2.1', { id: 7, kind: 'Dynamic' }), { action, payload, answer }]);
    expect(known.profiles[0]?.profile?.schedule).toMatchObject({ start: NOW, periods: [{ start: 0, limit: 6 }] });
  });

  test('OCPP 2.1: an update that cannot be read makes the list uncertain', () => {
    const update = { action: 'UpdateDynamicSchedule', payload: { chargingProfileId: 7, scheduleUpdate: { setpoint: 3 } } };
    expect(isUncertain(listAfter('2.1', [set('2.1', { id: 7, kind: 'Dynamic' }), update]).known)).toBe(true);
  });
});

describe('GW-P03: the stack level and the id of ours', () => {
  const ours = { id: OURS.id, evseId: 1, purpose: 'tx' as const, transactionId: '77' };
  const at = (level: number, id = 3, tx: number | string = 77) => set('1.6', { id, level, purpose: 'TxProfile', tx });
  test.each([
    ['no profile of the CSMS', [] as Call[], { max: 8, place: { id: OURS.id, stackLevel: 8 } }],
    ['a lower one', [at(3)], { max: 8, place: { id: OURS.id, stackLevel: 8 } }],
    ['one of another transaction', [at(8, 3, 78)], { max: 8, place: { id: OURS.id, stackLevel: 8 } }],
    ['a default at the top', [set('1.6', { id: 3, level: 8 })], { max: 8, place: { id: OURS.id, stackLevel: 8 } }],
    ['one at the only level', [at(0)], { max: 0, place: { id: 3, stackLevel: 0, replaces: expect.objectContaining({ id: 3 }) } }],
    ['one at the top', [at(8)], { max: 8, place: { id: 3, stackLevel: 8, replaces: expect.objectContaining({ id: 3 }) } }],
    ['one with the id of ours', [at(3, OURS.id)], { max: 8, place: { id: OURS.id + 1, stackLevel: 8 } }],
  ])('%s', (_, calls, { max, place }) => {
    expect(placeFor(ours, listAfter('1.6', calls).known, { maxStackLevel: max, otherIds: [] })).toEqual(place);
  });
});
