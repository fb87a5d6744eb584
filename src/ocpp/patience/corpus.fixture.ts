import { T, tables } from '../message-handlers.fixture.ts';
import type { OcppVersion } from '../station.ts';

/** A typical call of a charge point. */
export interface TypicalCall {
  version: OcppVersion;
  action: string;
  payload: object;
}

const V16_METERED = {
  timestamp: T,
  sampledValue: [
    {
      ...{ value: '1500', context: 'Sample.Periodic', format: 'Raw', measurand: 'Energy.Active.Import.Register' },
      ...{ location: 'Outlet', unit: 'Wh' },
    },
    { value: '7.4', context: 'Sample.Periodic', measurand: 'Power.Active.Import', unit: 'kW' },
    { value: '32', context: 'Sample.Periodic', measurand: 'Current.Import', phase: 'L1', unit: 'A' },
    { value: '32', context: 'Sample.Periodic', measurand: 'Current.Offered', unit: 'A' },
    { value: '231.5', context: 'Sample.Periodic', measurand: 'Voltage', phase: 'L1', unit: 'V' },
  ],
};

const V16_RICH: readonly (readonly [action: string, payload: object])[] = [
  [
    'BootNotification',
    {
      ...{ chargePointVendor: 'Vendor', chargePointModel: 'Model', chargePointSerialNumber: 'CP-0001', chargeBoxSerialNumber: 'CB-0001' },
      ...{ firmwareVersion: '1.4.2', iccid: '8931', imsi: '2040', meterType: 'Meter', meterSerialNumber: 'M-1' },
    },
  ],
  [
    'StatusNotification',
    {
      ...{ connectorId: 1, errorCode: 'GroundFailure', status: 'Faulted', timestamp: T },
      ...{ info: 'text', vendorId: 'Vendor', vendorErrorCode: 'E7' },
    },
  ],
  ['StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Charging', timestamp: T }],
  ['StartTransaction', { connectorId: 1, idTag: 'GOOD', meterStart: 1000, timestamp: T, reservationId: 3 }],
  ['StopTransaction', { transactionId: 7, meterStop: 2000, timestamp: T, idTag: 'GOOD', reason: 'EVDisconnected', transactionData: [V16_METERED] }],
  ['DiagnosticsStatusNotification', { status: 'Uploading' }],
  ['FirmwareStatusNotification', { status: 'Downloading' }],
  ['SecurityEventNotification', { type: 'InvalidFirmwareSignature', timestamp: T, techInfo: 'text' }],
  ['DataTransfer', { vendorId: 'Vendor', messageId: 'Message', data: '{"a":1}' }],
  [
    'MeterValues',
    {
      connectorId: 1,
      transactionId: 7,
      meterValue: [V16_METERED],
    },
  ],
];

const metered = {
  timestamp: T,
  sampledValue: [
    {
      ...{ value: 1500, context: 'Sample.Periodic', measurand: 'Energy.Active.Import.Register', location: 'Outlet' },
      unitOfMeasure: { unit: 'Wh', multiplier: 0 },
    },
    { value: 7400, context: 'Sample.Periodic', measurand: 'Power.Active.Import', unitOfMeasure: { unit: 'W' } },
    { value: 32, context: 'Sample.Periodic', measurand: 'Current.Import', phase: 'L1', unitOfMeasure: { unit: 'A' } },
    { value: 231.5, context: 'Sample.Periodic', measurand: 'Voltage', phase: 'L1', unitOfMeasure: { unit: 'V' } },
  ],
};
const event = (eventType: string, seqNo: number, rest: { info?: object; more?: object }) => ({
  ...{ eventType, timestamp: T, triggerReason: 'MeterValuePeriodic', seqNo, offline: false },
  transactionInfo: { transactionId: 'tx', chargingState: 'Charging', ...rest.info },
  evse: { id: 1, connectorId: 1 },
  meterValue: [metered],
  ...rest.more,
});

const needs = { energyAmount: 20_000, evMinCurrent: 6, evMaxCurrent: 32, evMaxVoltage: 400 };
const V2X_RICH: readonly (readonly [action: string, payload: object])[] = [
  [
    'BootNotification',
    {
      reason: 'PowerUp',
      chargingStation: { model: 'Model', vendorName: 'Vendor', serialNumber: 'CS-1', firmwareVersion: '2.1', modem: { iccid: '8931', imsi: '2040' } },
    },
  ],
  ['TransactionEvent', event('Started', 0, { more: { idToken: { idToken: 'GOOD', type: 'ISO14443' }, triggerReason: 'Authorized' } })],
  ['TransactionEvent', event('Updated', 3, {})],
  ['TransactionEvent', event('Ended', 9, { info: { stoppedReason: 'Local' }, more: { triggerReason: 'StopAuthorized' } })],
  ['MeterValues', { evseId: 1, meterValue: [metered] }],
  ['SecurityEventNotification', { type: 'InvalidFirmwareSignature', timestamp: T, techInfo: 'text' }],
  ['FirmwareStatusNotification', { status: 'Downloading', requestId: 4 }],
  ['LogStatusNotification', { status: 'Uploading', requestId: 4 }],
  [
    'NotifyReport',
    {
      ...{ requestId: 1, generatedAt: T, seqNo: 0, tbc: false },
      reportData: [
        {
          component: { name: 'SmartChargingCtrlr', evse: { id: 1, connectorId: 1 } },
          variable: { name: 'Enabled' },
          variableAttribute: [{ type: 'Actual', value: 'true', mutability: 'ReadOnly' }],
          variableCharacteristics: { dataType: 'boolean', supportsMonitoring: true },
        },
      ],
    },
  ],
  [
    'NotifyEVChargingNeeds',
    { evseId: 1, maxScheduleTuples: 12, chargingNeeds: { requestedEnergyTransfer: 'AC_three_phase', departureTime: T, acChargingParameters: needs } },
  ],
];

/** Typical calls of every action that a charge point may send, each in every version that has it. */
export const typicalCalls: readonly TypicalCall[] = [
  ...tables.flatMap(([version, rows]) => rows.map(([action, payload]) => ({ version, action, payload }))),
  ...V16_RICH.map(([action, payload]) => ({ version: '1.6' as const, action, payload })),
  ...(['2.0.1', '2.1'] as const).flatMap((version) => V2X_RICH.map(([action, payload]) => ({ version, action, payload }))),
];

const periods = [
  { startPeriod: 0, limit: 10, numberPhases: 3 },
  { startPeriod: 300, limit: 6 },
];
const statusInfo = { reasonCode: 'NoReason', additionalInfo: 'text' };
const schedule = { evseId: 1, duration: 600, scheduleStart: T, chargingRateUnit: 'A', chargingSchedulePeriod: periods };
const result = (name: string, attributeValue: string) => ({
  ...{ attributeStatus: 'Accepted', attributeType: 'Actual', attributeValue },
  ...{ component: { name: 'SmartChargingCtrlr' }, variable: { name } },
});

/** Typical answers of a charge point to each call of the node. */
export const typicalAnswers: readonly TypicalCall[] = [
  { version: '1.6', action: 'SetChargingProfile', payload: { status: 'Accepted' } },
  { version: '1.6', action: 'ClearChargingProfile', payload: { status: 'Accepted' } },
  {
    ...{ version: '1.6', action: 'GetCompositeSchedule' },
    payload: {
      ...{ status: 'Accepted', connectorId: 1, scheduleStart: T },
      chargingSchedule: { duration: 600, startSchedule: T, chargingRateUnit: 'A', minChargingRate: 6, chargingSchedulePeriod: periods },
    },
  },
  {
    ...{ version: '1.6', action: 'GetConfiguration' },
    payload: {
      configurationKey: [
        { key: 'SupportedFeatureProfiles', readonly: true, value: 'Core' },
        { key: 'ChargingScheduleMaxPeriods', readonly: true, value: '6' },
      ],
      unknownKey: ['MaxChargingProfilesInstalled'],
    },
  },
  ...(['2.0.1', '2.1'] as const).flatMap((version): TypicalCall[] => [
    { version, action: 'SetChargingProfile', payload: { status: 'Accepted', statusInfo } },
    { version, action: 'ClearChargingProfile', payload: { status: 'Accepted', statusInfo } },
    { version, action: 'GetCompositeSchedule', payload: { status: 'Accepted', schedule, statusInfo } },
    { version, action: 'GetVariables', payload: { getVariableResult: [result('Enabled', 'false'), result('PeriodsPerSchedule', '6')] } },
  ]),
];
