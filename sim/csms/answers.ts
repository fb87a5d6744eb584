import type { EpochMillis } from '../../src/domain/units.ts';
import { type Fields, fieldsOf, numberOf, textOf } from '../charge-point/dialect.ts';
import type { CsmsTraits } from './traits.ts';

/** A transaction of OCPP 1.6, which the CSMS has numbered. */
export interface NumberedTransaction {
  id: number;
  station: string;
  connectorId: number;
  idTag: string;
  /** Undefined while it runs. */
  meterStop: number | undefined;
}

/** What a stand-in CSMS remembers for its answers; it survives the loss of all connections. */
export class CsmsMemory {
  readonly transactions: NumberedTransaction[] = [];
  readonly #starts = new Map<string, NumberedTransaction>();

  /** Numbers a transaction. A StartTransaction that the station repeats gets the same number. */
  start(station: string, payload: Fields): NumberedTransaction {
    const key = JSON.stringify([station, payload.connectorId, payload.idTag, payload.timestamp, payload.meterStart]);
    const known = this.#starts.get(key);
    if (known) return known;
    const started: NumberedTransaction = {
      id: this.transactions.length + 1,
      station,
      connectorId: numberOf(payload.connectorId) ?? 0,
      idTag: textOf(payload.idTag) ?? '',
      meterStop: undefined,
    };
    this.#starts.set(key, started);
    this.transactions.push(started);
    return started;
  }

  /** Ends a transaction; nothing for a number that this station does not have. */
  stop(station: string, payload: Fields): void {
    const stopped = this.transactions.find(({ id, station: owner }) => id === payload.transactionId && owner === station);
    if (stopped) stopped.meterStop = numberOf(payload.meterStop);
  }
}

/** A call of a station, and what its answer depends on. */
export interface StationCall {
  station: string;
  subprotocol: string;
  action: string;
  payload: Fields;
  now: EpochMillis;
  traits: CsmsTraits;
  memory: CsmsMemory;
}

type Answer = (call: StationCall) => object;

const empty: Answer = () => ({});
const withStatus =
  (status: string): Answer =>
  () => ({ status });
const time = ({ now }: StationCall) => new Date(now).toISOString();
const boot: Answer = (call) => ({ status: 'Accepted', currentTime: time(call), interval: call.traits.heartbeatInterval });
const heartbeat: Answer = (call) => ({ currentTime: time(call) });
const statusOfTag = ({ traits }: StationCall, uid: unknown) => ({ status: (typeof uid === 'string' && traits.tokens[uid]) || 'Accepted' });

const V16: Readonly<Record<string, Answer>> = {
  BootNotification: boot,
  Heartbeat: heartbeat,
  Authorize: (call) => ({ idTagInfo: statusOfTag(call, call.payload.idTag) }),
  StartTransaction: (call) => ({ idTagInfo: statusOfTag(call, call.payload.idTag), transactionId: call.memory.start(call.station, call.payload).id }),
  StopTransaction: (call) => {
    call.memory.stop(call.station, call.payload);
    return call.payload.idTag === undefined ? {} : { idTagInfo: statusOfTag(call, call.payload.idTag) };
  },
  StatusNotification: empty,
  MeterValues: empty,
  DataTransfer: withStatus('UnknownVendorId'),
  DiagnosticsStatusNotification: empty,
  FirmwareStatusNotification: empty,
  LogStatusNotification: empty,
  SecurityEventNotification: empty,
  SignCertificate: withStatus('Accepted'),
  SignedFirmwareStatusNotification: empty,
};

const tokenInfo = (call: StationCall) => statusOfTag(call, fieldsOf(call.payload.idToken).idToken);

const V201: Readonly<Record<string, Answer>> = {
  BootNotification: boot,
  Heartbeat: heartbeat,
  Authorize: (call) => ({ idTokenInfo: tokenInfo(call) }),
  TransactionEvent: (call) => (call.payload.idToken === undefined ? {} : { idTokenInfo: tokenInfo(call) }),
  StatusNotification: empty,
  MeterValues: empty,
  DataTransfer: withStatus('UnknownVendorId'),
  ClearedChargingLimit: empty,
  FirmwareStatusNotification: empty,
  Get15118EVCertificate: () => ({ status: 'Failed', exiResponse: '' }),
  GetCertificateStatus: withStatus('Failed'),
  LogStatusNotification: empty,
  NotifyChargingLimit: empty,
  NotifyCustomerInformation: empty,
  NotifyDisplayMessages: empty,
  NotifyEVChargingNeeds: withStatus('Rejected'),
  NotifyEVChargingSchedule: withStatus('Accepted'),
  NotifyEvent: empty,
  NotifyMonitoringReport: empty,
  NotifyReport: empty,
  PublishFirmwareStatusNotification: empty,
  ReportChargingProfiles: empty,
  ReservationStatusUpdate: empty,
  SecurityEventNotification: empty,
  SignCertificate: withStatus('Accepted'),
};

const V21: Readonly<Record<string, Answer>> = {
  ...V201,
  BatterySwap: empty,
  GetCertificateChainStatus: ({ payload }) => ({
    certificateStatus: Array.isArray(payload.certificateStatusRequests) ? failedStatuses(payload.certificateStatusRequests) : [],
  }),
  NotifyDERAlarm: empty,
  NotifyDERStartStop: empty,
  NotifyPriorityCharging: empty,
  NotifySettlement: empty,
  NotifyWebPaymentStarted: empty,
  OpenPeriodicEventStream: withStatus('Rejected'),
  ClosePeriodicEventStream: empty,
  PullDynamicScheduleUpdate: withStatus('Rejected'),
  ReportDERControl: empty,
  VatNumberValidation: ({ payload }) => ({ status: 'Rejected', vatNumber: payload.vatNumber }),
};

/** OCPP 2.1 part 2, GetCertificateChainStatus: one status for each certificate of the request. */
function failedStatuses(requests: readonly unknown[]): object[] {
  return requests.map((request) => ({
    certificateHashData: fieldsOf(request).certificateHashData,
    source: fieldsOf(request).source,
    status: 'Failed',
    nextUpdate: '2100-01-01T00:00:00Z',
  }));
}

/** The actions of a station that each subprotocol has, with the answer of a CSMS that supports them. */
export const ANSWERS: Readonly<Record<string, Readonly<Record<string, Answer>>>> = { 'ocpp1.6': V16, 'ocpp2.0.1': V201, 'ocpp2.1': V21 };

/** The payload of a CSMS that follows the standard; undefined when the version has no such action of a station. */
export function answerByStandard(call: StationCall): object | undefined {
  const table = ANSWERS[call.subprotocol.toLowerCase()];
  return table && Object.hasOwn(table, call.action) ? table[call.action]?.(call) : undefined;
}
