import { epochMillis } from '../domain/units.ts';
import type { OcppVersion } from './station.ts';

/** The time in all messages of the tables. */
export const T = '2026-03-10T07:30:00Z';
/** The node's time, the same as `T`. */
export const now = epochMillis(Date.parse(T));
const NOW = '2026-03-10T07:30:00.000Z';

/** A CALL, the payload of its answer, and the events that the node receives. */
type Row = readonly [action: string, payload: object, answer: object, events?: readonly object[]];

const hashData = { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: 'c' };
/** Meter values of 1500 Wh in OCPP 1.6. */
export const sampled = [{ timestamp: T, sampledValue: [{ value: '1.5', unit: 'kWh' }] }];

const V16: readonly Row[] = [
  ['Authorize', { idTag: 'GOOD' }, { idTagInfo: { status: 'Accepted' } }],
  ['Authorize', { idTag: 'BAD' }, { idTagInfo: { status: 'Invalid' } }],
  [
    'BootNotification',
    { chargePointVendor: 'V', chargePointModel: 'M', firmwareVersion: '1' },
    { status: 'Accepted', currentTime: NOW, interval: 300 },
    [{ kind: 'booted', vendor: 'V', model: 'M', firmware: '1', at: now }],
  ],
  ['DataTransfer', { vendorId: 'v', messageId: 'm', data: 'd' }, { status: 'UnknownVendorId' }],
  ['DiagnosticsStatusNotification', { status: 'Idle' }, {}],
  ['FirmwareStatusNotification', { status: 'Idle' }, {}],
  ['Heartbeat', {}, { currentTime: NOW }],
  ['LogStatusNotification', { status: 'Idle', requestId: 1 }, {}],
  ['MeterValues', { connectorId: 1, transactionId: 7, meterValue: sampled }, {}, [{ kind: 'transaction-updated', transactionId: '7', evseId: 1 }]],
  ['MeterValues', { connectorId: 1, meterValue: sampled }, {}, [{ kind: 'transaction-updated', evseId: 1, idsAreOurs: true }]],
  ['SecurityEventNotification', { type: 'SettingSystemTime', timestamp: T }, {}],
  ['SignCertificate', { csr: 'x' }, { status: 'Rejected' }],
  ['SignedFirmwareStatusNotification', { status: 'Idle', requestId: 1 }, {}],
  [
    'StartTransaction',
    { connectorId: 1, idTag: 'GOOD', meterStart: 1000, timestamp: T, reservationId: 3 },
    { transactionId: 7, idTagInfo: { status: 'Accepted' } },
    [
      {
        kind: 'transaction-started',
        evseId: 1,
        transactionId: '7',
        idToken: { uid: 'GOOD', type: 'RFID' },
        at: now,
        charging: true,
        reservationId: 3,
        readings: [{ at: now, context: 'begin', energy: 1000 }],
      },
    ],
  ],
  [
    'StartTransaction',
    { connectorId: 1, idTag: 'BAD', meterStart: 0, timestamp: T },
    { transactionId: 7, idTagInfo: { status: 'Invalid' } },
    [{ kind: 'transaction-started', refused: true }],
  ],
  [
    'StatusNotification',
    { connectorId: 1, errorCode: 'NoError', status: 'SuspendedEVSE' },
    {},
    [
      { kind: 'status', evseId: 1, connectorId: 1, status: 'SuspendedEVSE', at: now },
      { kind: 'transaction-updated', evseId: 1, idsAreOurs: true, charging: false, connected: true, suspendedByEvse: true },
    ],
  ],
  [
    'StopTransaction',
    { transactionId: 7, meterStop: 2000, timestamp: T, reason: 'Local', transactionData: sampled },
    {},
    [
      {
        kind: 'transaction-ended',
        transactionId: '7',
        at: now,
        reason: 'Local',
        readings: [
          { at: now, energy: 1500 },
          { at: now, context: 'end', energy: 2000 },
        ],
      },
    ],
  ],
  [
    'StopTransaction',
    { transactionId: -1, meterStop: 0, timestamp: T, idTag: 'GOOD' },
    { idTagInfo: { status: 'Accepted' } },
    [{ kind: 'transaction-ended', idsAreOurs: true }],
  ],
];

const schedule = { id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }] };
const tx = (eventType: string, more: object = {}, info: object = {}) => ({
  eventType,
  timestamp: T,
  triggerReason: 'ChargingStateChanged',
  seqNo: eventType === 'Started' ? 0 : 1,
  transactionInfo: { transactionId: 'tx', ...info },
  ...more,
});
const metered = [{ timestamp: T, sampledValue: [{ value: 15, unitOfMeasure: { unit: 'Wh', multiplier: 2 } }] }];

const availabilityEvent = (actualValue: string) => ({
  eventId: 1,
  timestamp: T,
  trigger: 'Delta',
  actualValue,
  eventNotificationType: 'HardWiredNotification',
  component: { name: 'Connector', evse: { id: 1, connectorId: 2 } },
  variable: { name: 'AvailabilityState' },
});

const V2X: readonly Row[] = [
  ['Authorize', { idToken: { idToken: 'GOOD', type: 'ISO14443' } }, { idTokenInfo: { status: 'Accepted' } }],
  ['Authorize', { idToken: { idToken: 'BAD', type: 'ISO14443' } }, { idTokenInfo: { status: 'Invalid' } }],
  [
    'Authorize',
    { idToken: { idToken: 'GOOD', type: 'eMAID' }, certificate: 'x' },
    { idTokenInfo: { status: 'Invalid' }, certificateStatus: 'NoCertificateAvailable' },
  ],
  [
    'BootNotification',
    { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } },
    { status: 'Accepted', currentTime: NOW, interval: 300 },
    [{ kind: 'booted', vendor: 'V', model: 'M', at: now }],
  ],
  ['ClearedChargingLimit', { chargingLimitSource: 'EMS', evseId: 2 }, {}, [{ kind: 'limit-changed', evseId: 2, source: 'EMS', isOver: true }]],
  ['ClearedChargingLimit', { chargingLimitSource: 'SO' }, {}, [{ kind: 'limit-changed', source: 'SO' }]],
  ['DataTransfer', { vendorId: 'v', data: [1] }, { status: 'UnknownVendorId' }],
  ['FirmwareStatusNotification', { status: 'Idle' }, {}],
  ['Get15118EVCertificate', { iso15118SchemaVersion: 'v', action: 'Install', exiRequest: 'x' }, { status: 'Failed', exiResponse: '' }],
  ['GetCertificateStatus', { ocspRequestData: { ...hashData, responderURL: 'http://x' } }, { status: 'Failed' }],
  ['Heartbeat', {}, { currentTime: NOW }],
  ['LogStatusNotification', { status: 'Idle' }, {}],
  ['MeterValues', { evseId: 1, meterValue: metered }, {}, [{ kind: 'transaction-updated', ofEvse: true, evseId: 1 }]],
  [
    'NotifyChargingLimit',
    { chargingLimit: { chargingLimitSource: 'EMS' }, evseId: 1, chargingSchedule: [schedule] },
    {},
    [{ kind: 'limit-changed', evseId: 1, source: 'EMS', limits: [{ start: now / 1000, unit: 'A', periods: [{ start: 0, limit: 6 }] }] }],
  ],
  ['NotifyChargingLimit', { chargingLimit: { chargingLimitSource: 'SO' }, evseId: 0 }, {}, [{ kind: 'limit-changed', source: 'SO' }]],
  ['NotifyCustomerInformation', { data: 'x', seqNo: 0, generatedAt: T, requestId: 1 }, {}],
  ['NotifyDisplayMessages', { requestId: 1 }, {}],
  [
    'NotifyEVChargingSchedule',
    { timeBase: T, evseId: 1, chargingSchedule: schedule },
    { status: 'Accepted' },
    [{ kind: 'limit-changed', evseId: 1, source: 'EV', limits: [{ start: now / 1000, unit: 'A', periods: [{ start: 0, limit: 6 }] }] }],
  ],
  [
    'NotifyEvent',
    {
      generatedAt: T,
      seqNo: 0,
      eventData: [
        {
          eventId: 1,
          timestamp: T,
          trigger: 'Delta',
          actualValue: '1',
          eventNotificationType: 'CustomMonitor',
          component: { name: 'c' },
          variable: { name: 'v' },
        },
      ],
    },
    {},
  ],
  [
    'NotifyEvent',
    { generatedAt: T, seqNo: 0, eventData: [availabilityEvent('Occupied')] },
    {},
    [{ kind: 'status', evseId: 1, connectorId: 2, status: 'Occupied', at: now }],
  ],
  ['NotifyEvent', { generatedAt: T, seqNo: 0, eventData: [availabilityEvent('<b>')] }, {}, []],
  ['NotifyMonitoringReport', { requestId: 1, seqNo: 0, generatedAt: T }, {}],
  ['NotifyReport', { requestId: 1, seqNo: 0, generatedAt: T }, {}],
  ['PublishFirmwareStatusNotification', { status: 'Idle' }, {}],
  [
    'ReportChargingProfiles',
    {
      requestId: 1,
      chargingLimitSource: 'CSO',
      evseId: 1,
      chargingProfile: [{ id: 1, stackLevel: 0, chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Relative', chargingSchedule: [schedule] }],
    },
    {},
  ],
  ['ReservationStatusUpdate', { reservationId: 1, reservationUpdateStatus: 'Expired' }, {}],
  ['SecurityEventNotification', { type: 'SettingSystemTime', timestamp: T }, {}],
  ['SignCertificate', { csr: 'x' }, { status: 'Rejected' }],
  [
    'StatusNotification',
    { timestamp: T, connectorStatus: 'Occupied', evseId: 1, connectorId: 2 },
    {},
    [{ kind: 'status', evseId: 1, connectorId: 2, status: 'Occupied', at: now }],
  ],
  [
    'TransactionEvent',
    tx(
      'Started',
      { evse: { id: 1 }, idToken: { idToken: 'GOOD', type: 'ISO14443' }, reservationId: 3, meterValue: metered },
      { chargingState: 'EVConnected', remoteStartId: 9 },
    ),
    { idTokenInfo: { status: 'Accepted' } },
    [
      {
        kind: 'transaction-started',
        evseId: 1,
        transactionId: 'tx',
        idToken: { uid: 'GOOD', type: 'ISO14443' },
        at: now,
        charging: false,
        connected: true,
        reservationId: 3,
        remoteStartId: 9,
        readings: [{ at: now, energy: 1500 }],
      },
    ],
  ],
  ['TransactionEvent', tx('Started'), {}, [{ kind: 'transaction-started', evseId: 0, charging: false, readings: [] }]],
  [
    'TransactionEvent',
    tx('Updated', { evse: { id: 1 } }, { chargingState: 'Charging' }),
    {},
    [{ kind: 'transaction-updated', evseId: 1, charging: true, suspendedByEvse: false }],
  ],
  ['TransactionEvent', tx('Updated', {}, { chargingState: 'SuspendedEVSE' }), {}, [{ kind: 'transaction-updated', charging: false, suspendedByEvse: true }]],
  [
    'TransactionEvent',
    tx('Updated', { triggerReason: 'ChargingRateChanged' }),
    {},
    [{ kind: 'transaction-updated', transactionId: 'tx', at: now, rateChanged: true, readings: [] }],
  ],
  [
    'TransactionEvent',
    tx('Ended', { idToken: { idToken: 'BAD', type: 'ISO14443' } }, { stoppedReason: 'EVDisconnected' }),
    { idTokenInfo: { status: 'Invalid' } },
    [{ kind: 'transaction-ended', transactionId: 'tx', at: now, reason: 'EVDisconnected', readings: [] }],
  ],
];

const needsAt = (evseId: number) => ({ evseId, chargingNeeds: { requestedEnergyTransfer: 'AC_three_phase' } });
const CHARGING_NEEDS: readonly Row[] = [
  ['NotifyEVChargingNeeds', needsAt(1), { status: 'Accepted' }],
  ['NotifyEVChargingNeeds', needsAt(2), { status: 'Rejected', statusInfo: { reasonCode: 'TxNotFound' } }],
];
const V21_ONLY: readonly Row[] = [
  [
    'BatterySwap',
    { requestId: 1, eventType: 'BatteryIn', idToken: { idToken: 'GOOD', type: 'Central' }, batteryData: [{ evseId: 1, serialNumber: 's', soC: 1, soH: 1 }] },
    {},
  ],
  ['ClosePeriodicEventStream', { id: 1 }, {}],
  [
    'GetCertificateChainStatus',
    { certificateStatusRequests: [{ certificateHashData: hashData, source: 'OCSP', urls: ['http://x'] }] },
    { certificateStatus: [{ certificateHashData: hashData, source: 'OCSP', status: 'Failed', nextUpdate: NOW }] },
  ],
  ['NotifyDERAlarm', { controlType: 'HFMustTrip', timestamp: T }, {}],
  ['NotifyDERStartStop', { controlId: 'c', started: true, timestamp: T }, {}],
  ['NotifyPriorityCharging', { transactionId: 'tx', activated: true }, {}, [{ kind: 'limit-changed', source: 'PriorityCharging' }]],
  ['NotifySettlement', { pspRef: 'p', status: 'Settled', settlementAmount: 1, settlementTime: T }, {}],
  ['OpenPeriodicEventStream', { constantStreamData: { id: 1, variableMonitoringId: 1, params: {} } }, { status: 'Rejected' }],
  ['PullDynamicScheduleUpdate', { chargingProfileId: 1 }, { status: 'Rejected' }],
  ['ReportDERControl', { requestId: 1 }, {}],
  ['VatNumberValidation', { vatNumber: 'NL1', evseId: 1 }, { status: 'Rejected', vatNumber: 'NL1', evseId: 1 }],
];

/** Every CALL that a station may send, by version. */
export const tables: readonly (readonly [OcppVersion, readonly Row[]])[] = [
  ['1.6', V16],
  ['2.0.1', [...V2X, ...CHARGING_NEEDS]],
  ['2.1', [...V2X, ...CHARGING_NEEDS, ...V21_ONLY]],
];
