import { describe, expect, test } from 'vitest';
import { compositeRequest, setRequest } from '../bare-station.fixture.ts';
import { now, T } from '../message-handlers.fixture.ts';
import { openSchemas } from '../schema.ts';
import type { OcppVersion } from '../station.ts';
import { dialectOf, kindsOf, patientAnswer, patientCall, patientReader } from './patient-reading.fixture.ts';

const text = (length: number) => 'x'.repeat(length);

/** Payloads that a strict station is refused for, as all stations were before; then what the node makes of them. */
const calls: readonly (readonly [title: string, version: OcppVersion, action: string, payload: object, events: object[], kinds: string[]])[] = [
  [
    'F-20: a serial of 26, a model of 23 and a firmware text of 60',
    '1.6',
    'BootNotification',
    { chargePointVendor: 'V', chargePointModel: text(23), chargePointSerialNumber: text(26), chargeBoxSerialNumber: text(34), firmwareVersion: text(60) },
    [{ kind: 'booted', vendor: 'V', model: text(20), firmware: text(50) }],
    ['long-text'],
  ],
  [
    'F-20: a boot without reason, and a model of 40',
    '2.0.1',
    'BootNotification',
    { chargingStation: { vendorName: 'V', model: text(40) } },
    [{ kind: 'booted', vendor: 'V', model: text(20) }],
    ['missing-field', 'long-text'],
  ],
  [
    'F-21: an unknown errorCode, a long vendorErrorCode, an empty time',
    '1.6',
    'StatusNotification',
    { connectorId: 1, errorCode: 'Error', status: 'Faulted', vendorErrorCode: text(66), timestamp: '' },
    [{ kind: 'status', evseId: 1, status: 'Faulted', at: now }],
    ['unknown-word', 'long-text', 'null-field'],
  ],
  [
    'F-21: a status in other letters',
    '1.6',
    'StatusNotification',
    { connectorId: '1', errorCode: 'noError', status: 'SUSPENDED_EVSE' },
    [
      { kind: 'status', status: 'SuspendedEVSE' },
      { kind: 'transaction-updated', suspendedByEvse: true },
    ],
    ['number-as-text', 'word-in-other-case'],
  ],
  [
    'F-21: a status of OCPP 1.6 in OCPP 2.0.1',
    '2.0.1',
    'StatusNotification',
    { timestamp: T, connectorStatus: 'Charging', evseId: 1, connectorId: 1 },
    [{ kind: 'status', status: 'Charging' }],
    ['other-word'],
  ],
  [
    'F-21: a status that nobody knows becomes UNKNOWN in OCPI',
    '1.6',
    'StatusNotification',
    { connectorId: 1, errorCode: 'NoError', status: 'Dancing' },
    [{ kind: 'status', status: 'Unknown' }],
    ['unknown-word'],
  ],
  [
    'F-22: Hz beside the register, numeric values, a measurand in other letters, an unknown context',
    '1.6',
    'MeterValues',
    {
      connectorId: 1,
      meterValue: [
        {
          timestamp: T,
          sampledValue: [
            { value: 1500, unit: 'Wh', context: 'Sample.Odd' },
            { value: '50', measurand: 'Frequency', unit: 'Hz' },
            { value: '51', unit: 'Hertz' },
            { value: 16.5, measurand: 'Current.import', unit: 'Amps' },
            { value: '1', measurand: 'Power.Unheard' },
          ],
        },
      ],
    },
    [{ kind: 'transaction-updated', readings: [{ at: now, energy: 1500, current: 16.5 }] }],
    ['text-as-number', 'unknown-word', 'word-in-other-case', 'other-word', 'broken-element'],
  ],
  [
    'F-22: text values and one object instead of lists',
    '2.0.1',
    'TransactionEvent',
    {
      eventType: 'updated',
      timestamp: T,
      triggerReason: 'Vendor',
      seqNo: '4',
      transactionInfo: { transactionId: 7 },
      meterValue: { timestamp: T, sampledValue: { value: '1.5', unitOfMeasure: { unit: 'KWH' } } },
    },
    [{ kind: 'transaction-updated', transactionId: '7', readings: [{ energy: 1500 }] }],
    ['word-in-other-case', 'unknown-word', 'number-as-text', 'text-as-number', 'one-for-list'],
  ],
  [
    'F-23: an idTag of 21, Hz in transactionData, the reason StopButton',
    '1.6',
    'StopTransaction',
    {
      transactionId: 7,
      meterStop: 3000.333,
      timestamp: T,
      idTag: text(21),
      reason: 'StopButton',
      transactionData: [{ timestamp: T, sampledValue: [{ value: '50', unit: 'Hz' }] }],
    },
    [{ kind: 'transaction-ended', transactionId: '7', reason: 'Other', readings: [{ energy: 3000.333 }] }],
    ['fraction', 'long-text', 'unknown-word', 'broken-element'],
  ],
  [
    'F-23: a stop without its register is an end without a reading',
    '1.6',
    'StopTransaction',
    { transactionId: '7', meterStop: null, timestamp: 'just now' },
    [{ kind: 'transaction-ended', transactionId: '7', at: now, readings: [] }],
    ['number-as-text', 'null-field', 'time-form'],
  ],
  [
    'F-23: the end of a transaction with an unknown reason',
    '2.1',
    'TransactionEvent',
    { eventType: 'Stopped', timestamp: T, triggerReason: 'StopButton', seqNo: 9, transactionInfo: { transactionId: 't', stoppedReason: 'StopButton' } },
    [{ kind: 'transaction-ended', transactionId: 't', reason: 'Other' }],
    ['unknown-word'],
  ],
  ['no payload at all', '1.6', 'Heartbeat', [], [], ['no-payload']],
  [
    'names of fields in other letters',
    '1.6',
    'StatusNotification',
    { connectorID: 1, error_code: 'NoError', Status: 'Available' },
    [{ kind: 'status', evseId: 1, status: 'Available' }],
    ['field-in-other-case'],
  ],
];

describe('calls with odd fields', () => {
  const cases = calls.map(([title, version, action, payload, events, kinds]) => ({ title, version, action, payload, events, kinds }));
  test.each(cases)('$title (OCPP $version)', async ({ version, action, payload, events, kinds }) => {
    const refused = (await openSchemas(version)).check(`${action}Request`, structuredClone(payload));
    expect(refused.ok).toBe(false);
    const outcome = await patientCall(version, [action, payload]);
    expect(outcome).toMatchObject({ accepted: true, events });
    expect(outcome.events).toHaveLength(events.length);
    expect(kindsOf(outcome.oddities).sort()).toEqual([...kinds].sort());
  });

  test('F-13: registers at start and stop keep their fraction', async () => {
    const started = await patientCall('1.6', ['StartTransaction', { connectorId: 1, idTag: 'GOOD', meterStart: 1000.5, timestamp: T }]);
    expect(started.events).toMatchObject([{ kind: 'transaction-started', readings: [{ energy: 1000.5 }] }]);
    const stopped = await patientCall('1.6', ['StopTransaction', { transactionId: 7, meterStop: 3000.333, timestamp: T }]);
    expect(stopped.events).toMatchObject([{ kind: 'transaction-ended', readings: [{ energy: 3000.333 }] }]);
  });
  test('a token is never cut, because its beginning may be the token of somebody else', async () => {
    const { answer } = await patientCall('1.6', ['Authorize', { idTag: `${text(20)}Y` }]);
    expect(answer).toEqual({ idTagInfo: { status: 'Invalid' } });
    const started = await patientCall('1.6', ['StartTransaction', { connectorId: 1, idTag: `${text(20)}Y`, meterStart: 0, timestamp: T }]);
    expect(started.events).toMatchObject([{ idToken: { uid: `${text(20)}Y` } }]);
  });

  test('a token without a readable type is never one with which everybody may charge', async () => {
    for (const type of [undefined, null, 7, 'Whatever', ''])
      expect((await patientCall('2.0.1', ['Authorize', { idToken: { idToken: '', type } }])).answer).toEqual({ idTokenInfo: { status: 'Invalid' } });
  });

  test('a certificate that cannot be read is still one that the node does not check', async () => {
    const { answer } = await patientCall('2.0.1', ['Authorize', { idToken: { idToken: 'GOOD', type: 'eMAID' }, iso15118CertificateHashData: [7] }]);
    expect(answer).toMatchObject({ idTokenInfo: { status: 'Invalid' } });
  });

  test.each([
    ['StatusNotification', { errorCode: 'NoError', status: 'Available' }],
    ['StartTransaction', { idTag: 'GOOD', meterStart: 0, timestamp: T }],
  ])('without a connector %s is about the only one; of several the message is refused', async (action, payload) => {
    expect(await patientCall('1.6', [action, payload])).toMatchObject({ accepted: true, events: [{ evseId: 1 }] });
    const refused = await patientCall('1.6', [action, payload], { evseIds: [1, 2] });
    expect(refused).toMatchObject({ accepted: false, events: [] });
    expect(refused.answer).toMatch(/^OccurenceConstraintViolation: payload must have required property 'connectorId': the station has several EVSEs/);
  });

  test('examples hold no token and no free text', async () => {
    const { oddities } = await patientCall('2.0.1', ['Authorize', { idToken: { idToken: 12345, type: 'rfid', secret: 'abc' }, certificate: text(6000) }]);
    expect(oddities.map(({ example }) => example)).toEqual([
      'Authorize.idToken: text of 3 characters',
      'Authorize.idToken.idToken: number',
      'Authorize.idToken.type: "rfid"',
    ]);
  });
});

describe('answers with odd fields', () => {
  test('F-24: each entry of GetConfiguration is read for itself', async () => {
    const { schemas, oddities } = await patientReader('1.6');
    const answer = {
      configurationKey: [
        { key: 'SupportedFeatureProfiles', readonly: true, value: 'Core,SmartCharging' },
        { key: 'ChargeProfileMaxStackLevel', readonly: true, value: 0 },
        { key: 'ChargingScheduleMaxPeriods', value: 6 },
        { key: 'ChargingScheduleAllowedChargingRateUnit', readonly: 'yes', value: 'Current' },
        { readonly: true, value: 'nobody knows of what' },
        'noise',
      ],
    };
    expect(dialectOf('1.6').abilityQuery.read(structuredClone(answer), await openSchemas('1.6')).ok).toBe(false);
    expect(dialectOf('1.6').abilityQuery.read(answer, schemas)).toMatchObject({
      value: { smartCharging: true, maxStackLevel: 0, maxPeriods: 6, units: ['A'] },
    });
    expect(kindsOf(oddities).sort()).toEqual(['broken-element', 'missing-field', 'number-as-text', 'text-as-number', 'wrong-type']);
  });

  test('F-24: each result of GetVariables is read for itself', async () => {
    const { schemas } = await patientReader('2.0.1');
    const of = (name: string, more: object) => ({ component: { name: 'SmartChargingCtrlr' }, variable: { name }, ...more });
    const answer = {
      getVariableResult: [
        of('RateUnit', { attributeStatus: 'accepted', attributeValue: 'W' }),
        of('ProfileStackLevel', { attributeValue: 3 }),
        of('PeriodsPerSchedule', { attributeStatus: 'Nearly', attributeValue: '2' }),
        { attributeStatus: 'Accepted', attributeValue: '1' },
      ],
    };
    expect(dialectOf('2.0.1').abilityQuery.read(answer, schemas)).toMatchObject({ value: { units: ['W'], maxStackLevel: 3, maxPeriods: 1024 } });
  });

  const composite = (...periods: object[]) => ({
    status: 'Accepted',
    connectorId: 1,
    scheduleStart: T,
    chargingSchedule: { duration: '600', chargingRateUnit: 'A', chargingSchedulePeriod: periods },
  });

  test('F-25: a fraction of a second in a composite is rounded', async () => {
    const read = await patientAnswer('1.6', compositeRequest, composite({ startPeriod: 0, limit: 10 }, { startPeriod: 298.96, limit: '6' }));
    expect(read.answer).toMatchObject({ is: 'ACCEPTED', activeProfile: { periods: [{ limit: 10 }, { start: 299, limit: 6 }] } });
    expect(kindsOf(read.oddities)).toEqual(['number-as-text', 'fraction']);
  });

  test.each([
    ['without a limit', composite({ startPeriod: 0, limit: 10 }, { startPeriod: 300 })],
    ['with a limit in words', composite({ startPeriod: 0, limit: 10 }, { startPeriod: 300, limit: 'ten' })],
    ['without a start', composite({ startPeriod: 0, limit: 10 }, { limit: 6 })],
    ['that is no object', composite({ startPeriod: 0, limit: 10 }, Object('six'))],
  ])('F-25: a composite with a period %s is no schedule: the other limits are not told', async (_title, answer) => {
    expect((await patientAnswer('1.6', compositeRequest, answer)).answer.is).toBe('REJECTED');
  });

  test.each([{ limit: 'ten' }, { limit: {} }, { limit: 10, limit_L2: 'six' }])('F-25: OCPP 2.1: a period with %j is no schedule', async (period) => {
    const schedule = { evseId: 1, duration: 600, scheduleStart: T, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, ...period }] };
    expect((await patientAnswer('2.1', compositeRequest, { status: 'Accepted', schedule })).answer.is).toBe('REJECTED');
  });

  test.each([
    ['1.6', { status: 'accepted' }, { is: 'ACCEPTED' }],
    ['2.0.1', { status: 'Accepted', statusInfo: { reasonCode: 7, additionalInfo: text(2000) } }, { is: 'ACCEPTED' }],
    ['2.1', { status: 'REJECTED', statusInfo: 'no' }, { is: 'REJECTED', because: 'Rejected' }],
    ['1.6', { status: 'Maybe' }, { is: 'REJECTED', garbled: true }],
    ['2.0.1', {}, { is: 'REJECTED', garbled: true }],
    ['2.0.1', undefined, { is: 'REJECTED', garbled: true }],
  ] as const)('F-26: OCPP %s: SetChargingProfile answered %j', async (version, payload, answer) => {
    expect((await patientAnswer(version, setRequest, payload)).answer).toMatchObject(answer);
  });
});
