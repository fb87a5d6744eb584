import { type Fields, fieldsOf, listOf } from './dialect.ts';

// What one OCPP 1.6 charger sends that has all field faults of public bug reports at once. Written from those reports.

const HOUR = 3_600_000;
/** Local time of a charger one hour east of Greenwich, without its zone. */
const localTime = (utc: unknown) => new Date(Date.parse(String(utc)) + HOUR).toISOString().slice(0, 19);

const oddSamples = (meterValue: unknown) =>
  listOf(meterValue).map(({ timestamp, sampledValue }) => ({
    timestamp: localTime(timestamp),
    sampledValue: [
      ...listOf(sampledValue).map((it) => ({
        ...it,
        value: Number(it.value),
        context: 'Sample.Vendor',
        measurand: String(it.measurand).replace('Current.Import', 'Current.import'),
      })),
      { value: 50, measurand: 'Frequency', unit: 'Hz' },
      { value: '50', unit: 'Hertz' },
    ],
  }));

const calls: Readonly<Record<string, (payload: Fields) => object>> = {
  BootNotification: (it) => ({
    ...it,
    chargePointModel: 'Street 16 with odd fields',
    chargePointSerialNumber: '0123456789-0123456789-0123',
    chargeBoxSerialNumber: '0123456789-0123456789-0123456789-0',
    firmwareVersion: 'main-1.4.2-build-20260101-000000-of-the-charge-controller-AC',
  }),
  StatusNotification: ({ status, ...it }) => ({
    ...it,
    connectorId: String(it.connectorId),
    errorCode: 'Error',
    status: String(status).toLowerCase(),
    vendorErrorCode: 'no fault was found by the charge controller at the last self test.',
    timestamp: '',
  }),
  StartTransaction: (it) => ({ ...it, meterStart: Number(it.meterStart) + 0.5, timestamp: localTime(it.timestamp) }),
  MeterValues: (it) => ({ ...it, meterValue: oddSamples(it.meterValue) }),
  StopTransaction: (it) => ({
    ...it,
    idTag: String(it.idTag).padEnd(21, '0'),
    meterStop: Number(it.meterStop) + 0.333,
    timestamp: localTime(it.timestamp),
    reason: 'StopButton',
    transactionData: [{ timestamp: localTime(it.timestamp), sampledValue: [{ value: '50', unit: 'Hz' }] }],
  }),
};

const answers: Readonly<Record<string, (payload: Fields) => object>> = {
  GetConfiguration: (it) => ({
    ...it,
    configurationKey: listOf(it.configurationKey).map(({ key, value, readonly }, i) => ({
      key,
      value: /^\d+$/.test(String(value)) ? Number(value) : value,
      ...(i > 0 && { readonly }),
    })),
  }),
  GetCompositeSchedule: (it) => (it.chargingSchedule === undefined ? it : { ...it, chargingSchedule: oddSchedule(fieldsOf(it.chargingSchedule)) }),
  SetChargingProfile: (it) => ({ status: String(it.status).toLowerCase() }),
};

const oddSchedule = (it: Fields): Fields => ({
  ...it,
  duration: String(it.duration),
  chargingSchedulePeriod: listOf(it.chargingSchedulePeriod).map((period) => ({
    ...period,
    startPeriod: Number(period.startPeriod) === 0 ? 0 : Number(period.startPeriod) - 0.04,
  })),
});

/** The payload of a call, with the odd fields of such a charger. */
export const oddCall = (action: string, payload: object): object => calls[action]?.(fieldsOf(payload)) ?? payload;

/** The payload of an answer, with the odd fields of such a charger. */
export const oddAnswer = (action: string, payload: object): object => answers[action]?.(fieldsOf(payload)) ?? payload;

/** Where such a charger connects: with a slash too many on each side of its id. */
export const oddUrl = (url: string, id: string): string => `${url}//${id}/`;
