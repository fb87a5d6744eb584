import type { OcppVersion } from '../station.ts';
import { foldWord } from './words.ts';

/** The fields of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** What the node knows about a station when it reads a message. */
export interface StationFacts {
  /** The EVSE numbers of the station in the configuration (OCPP 1.6: connectors). */
  evseIds: readonly number[];
  /** The running transaction by EVSE number. */
  transactions: ReadonlyMap<number, string>;
}

/** How a field of a message is read when it violates its schema. A field without a rule may be absent: the node does without. */
export interface Rule {
  /** Without this field the object that holds it is of no use; the value is the reason. At the top this refuses the message. */
  needed?: string;
  /** Present and not understood, the object that holds it would be read wrongly. Absent it is fine. */
  distorts?: true;
  /** The value of a field that is absent or not understood; undefined: none. `holder` is the object around the field, `message` the whole payload. */
  instead?: (holder: Fields, facts: StationFacts, message: Fields) => unknown;
  /** Makes the object that the standard wants from the text that the station sent. */
  fromText?: (text: string) => Fields;
  /** Text that is an identity: it is not cut. A number: its fraction is kept. */
  whole?: true;
  /** Any value counts, whatever it is. */
  anything?: true;
  /** A list that is of use only with all its elements. */
  complete?: true;
  /** More words than the schema of this version has. */
  words?: readonly string[];
}

/** Rules by path inside the message; lists have no part of their own in a path: `meterValue.sampledValue.unit`. */
export type Rules = Readonly<Record<string, Rule>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {});

/** A status that is none of the standard; in OCPI it becomes UNKNOWN. */
const UNKNOWN_STATUS = 'Unknown';

const onlyEvse = (_holder: Fields, { evseIds: [evse, ...others] }: StationFacts) => (others.length === 0 ? evse : undefined);
const evseAt = (facts: StationFacts, more: Fields = {}): Fields | undefined => {
  const id = onlyEvse({}, facts);
  return id === undefined ? undefined : { id, ...more };
};
const whichEvse: Rule = { instead: onlyEvse, needed: 'the station has several EVSEs, and the message does not say which one it is about' };

const STATUS_WORDS = [
  ...['Available', 'Preparing', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Finishing'],
  ...['Occupied', 'Reserved', 'Unavailable', 'Faulted'],
];
const status: Rule = { words: STATUS_WORDS, instead: () => UNKNOWN_STATUS };
const outcome: Rule = { needed: 'nobody knows whether the station did it' };
/** The outcome of a request for a schedule: a station that sends one has accepted. */
const outcomeWith = (schedule: string): Rule => ({
  ...outcome,
  instead: (holder) => (Object.keys(fieldsOf(holder[schedule])).length > 0 ? 'Accepted' : undefined),
});

/** Meter values under `path`. A value whose measurand, unit, phase or location is not understood would count as something that it is not. */
const meterValues = (path: string): Rules => ({
  [`${path}.sampledValue`]: { needed: 'a reading without values' },
  [`${path}.sampledValue.value`]: { needed: 'a sample without its value' },
  [`${path}.sampledValue.measurand`]: { distorts: true },
  [`${path}.sampledValue.unit`]: { distorts: true },
  [`${path}.sampledValue.phase`]: { distorts: true },
  [`${path}.sampledValue.location`]: { distorts: true },
  [`${path}.sampledValue.unitOfMeasure`]: { distorts: true },
  [`${path}.sampledValue.unitOfMeasure.unit`]: { distorts: true },
  [`${path}.sampledValue.unitOfMeasure.multiplier`]: { distorts: true },
});

/** A composite schedule under `path`. A schedule that lost a limit, a period or its unit is not what the station will do. */
const schedule = (path: string, limit: Rule): Rules => ({
  [`${path}.chargingRateUnit`]: { needed: 'limits without a unit' },
  [`${path}.chargingSchedulePeriod`]: { needed: 'a schedule without all its periods', complete: true },
  [`${path}.chargingSchedulePeriod.startPeriod`]: { needed: 'a period without its start' },
  [`${path}.chargingSchedulePeriod.limit`]: limit,
  [`${path}.chargingSchedulePeriod.limit_L2`]: { distorts: true },
  [`${path}.chargingSchedulePeriod.limit_L3`]: { distorts: true },
  [`${path}.chargingSchedulePeriod.operationMode`]: { distorts: true },
});
const LIMIT: Rule = { needed: 'a period without its limit' };

/** A meter that is not named is that of the only EVSE, or of the whole station. */
const meterOf: Rule = { instead: (holder, facts) => onlyEvse(holder, facts) ?? 0 };

const V16: Readonly<Record<string, Rules>> = {
  // A missing token is refused by the answer, not by an error: nobody may charge with it.
  AuthorizeRequest: { idTag: { instead: () => '', whole: true } },
  BootNotificationRequest: { chargePointVendor: { instead: () => 'unknown' }, chargePointModel: { instead: () => 'unknown' } },
  MeterValuesRequest: {
    connectorId: meterOf,
    meterValue: { instead: () => [] },
    ...meterValues('meterValue'),
  },
  StartTransactionRequest: { connectorId: whichEvse, idTag: { instead: () => '', whole: true }, meterStart: { whole: true } },
  StatusNotificationRequest: { connectorId: whichEvse, errorCode: { instead: () => 'OtherError' }, status },
  StopTransactionRequest: {
    // No transaction has the id 0: the node then means the one that runs.
    transactionId: { instead: () => 0 },
    idTag: { whole: true },
    meterStop: { whole: true },
    reason: { instead: ({ reason }) => (typeof reason === 'string' && reason !== '' ? 'Other' : undefined) },
    ...meterValues('transactionData'),
  },
  ClearChargingProfileResponse: { status: outcome },
  GetCompositeScheduleResponse: { status: outcomeWith('chargingSchedule'), ...schedule('chargingSchedule', LIMIT) },
  GetConfigurationResponse: { 'configurationKey.key': { needed: 'a value without its key' } },
  SetChargingProfileResponse: { status: outcome },
};

const idToken = (path: string): Rules => ({
  [path]: { fromText: (text) => ({ idToken: text }) },
  [`${path}.idToken`]: { instead: () => '', whole: true },
  // Never NoAuthorization, with which everybody may charge (OCPP 2.0.1 C02).
  [`${path}.type`]: { instead: () => 'Local' },
});
/** The variable of a connector that is its status (OCPP 2.0.1 G01). */
const STATE = 'AvailabilityState';
const NO_HASH = { hashAlgorithm: 'SHA256', issuerNameHash: '', issuerKeyHash: '', serialNumber: '' };
const NO_TRANSACTION = 'the message does not say which transaction it is about';

/** The transaction that an update or end without an id means: the one at its EVSE, or the only one of the station. A start has an id of its own. */
function runningTransaction({ transactions }: StationFacts, { eventType, evse }: Fields): string | undefined {
  if (typeof eventType !== 'string' || foldWord(eventType) === 'started') return undefined;
  const [only, ...others] = transactions.values();
  return transactions.get(Number(fieldsOf(evse).id)) ?? (others.length === 0 ? only : undefined);
}

/** What a TransactionEvent without a readable type is: an end has a reason, a start has the first number, everything else is an update. */
const eventTypeOf: Rule['instead'] = ({ transactionInfo, seqNo }) => {
  if ('stoppedReason' in fieldsOf(transactionInfo)) return 'Ended';
  return seqNo === 0 ? 'Started' : 'Updated';
};

const V2X: Readonly<Record<string, Rules>> = {
  AuthorizeRequest: {
    ...idToken('idToken'),
    idToken: { ...idToken('idToken').idToken, instead: () => ({ idToken: '', type: 'Local' }) },
    // A certificate that cannot be read is still one, and the node checks none.
    certificate: { anything: true },
    iso15118CertificateHashData: { anything: true },
  },
  BootNotificationRequest: {
    chargingStation: { instead: () => ({ vendorName: 'unknown', model: 'unknown' }) },
    'chargingStation.vendorName': { instead: () => 'unknown' },
    'chargingStation.model': { instead: () => 'unknown' },
    reason: { instead: () => 'Unknown' },
  },
  ClearedChargingLimitRequest: { chargingLimitSource: { instead: () => 'Other' } },
  GetCertificateChainStatusRequest: {
    certificateStatusRequests: { needed: 'the message names no certificate that the answer could be about' },
    // The status of each is Failed, whatever certificate it is; the answer must repeat its data.
    'certificateStatusRequests.certificateHashData': { instead: () => ({ ...NO_HASH }) },
    'certificateStatusRequests.certificateHashData.hashAlgorithm': { instead: () => NO_HASH.hashAlgorithm },
    'certificateStatusRequests.certificateHashData.issuerNameHash': { instead: () => '' },
    'certificateStatusRequests.certificateHashData.issuerKeyHash': { instead: () => '' },
    'certificateStatusRequests.certificateHashData.serialNumber': { instead: () => '' },
    'certificateStatusRequests.source': { instead: () => 'OCSP' },
  },
  MeterValuesRequest: { evseId: meterOf, meterValue: { instead: () => [] }, ...meterValues('meterValue') },
  NotifyChargingLimitRequest: {
    chargingLimit: { instead: () => ({ chargingLimitSource: 'Other' }) },
    'chargingLimit.chargingLimitSource': { instead: () => 'Other' },
    ...schedule('chargingSchedule', LIMIT),
  },
  NotifyEVChargingNeedsRequest: { evseId: whichEvse, chargingNeeds: { instead: () => ({}) } },
  // A car's schedule that cannot be used still says that the car may draw less.
  NotifyEVChargingScheduleRequest: schedule('chargingSchedule', LIMIT),
  NotifyEventRequest: {
    eventData: { instead: () => [] },
    'eventData.actualValue': { needed: 'an event without its value' },
    'eventData.component': {
      instead: ({ variable }, facts) => (fieldsOf(variable).name === STATE ? { name: 'Connector', evse: evseAt(facts, { connectorId: 1 }) } : undefined),
      needed: 'an event of nothing',
    },
    'eventData.component.name': { needed: 'an event of nothing' },
    'eventData.component.evse': { instead: ({ name }, facts) => (name === 'Connector' ? evseAt(facts, { connectorId: 1 }) : undefined) },
    'eventData.component.evse.id': { needed: 'an EVSE without its number', instead: onlyEvse },
    'eventData.component.evse.connectorId': { instead: () => 1 },
    'eventData.variable': {
      // No other variable of a connector has such a value.
      instead: ({ component, actualValue }) =>
        fieldsOf(component).name === 'Connector' && STATUS_WORDS.includes(String(actualValue)) ? { name: STATE } : undefined,
      needed: 'an event of nothing',
    },
    'eventData.variable.name': { needed: 'an event of nothing' },
  },
  NotifyPriorityChargingRequest: { activated: { instead: () => true } },
  StatusNotificationRequest: { evseId: whichEvse, connectorId: { instead: () => 1 }, connectorStatus: status },
  TransactionEventRequest: {
    eventType: { instead: eventTypeOf },
    transactionInfo: {
      instead: (_holder, facts, message) => {
        const transactionId = runningTransaction(facts, message);
        return transactionId === undefined ? undefined : { transactionId };
      },
      needed: NO_TRANSACTION,
    },
    'transactionInfo.transactionId': { instead: (_holder, ...rest) => runningTransaction(...rest), needed: NO_TRANSACTION, whole: true },
    'transactionInfo.stoppedReason': { instead: ({ stoppedReason }) => (typeof stoppedReason === 'string' && stoppedReason !== '' ? 'Other' : undefined) },
    evse: {
      // Without an EVSE a card was presented before the car was connected; an EVSE that cannot be read is the only one.
      instead: ({ evse }, facts) => (evse === undefined ? undefined : evseAt(facts)),
    },
    'evse.id': { needed: 'an EVSE without its number', instead: onlyEvse },
    ...idToken('idToken'),
    ...meterValues('meterValue'),
  },
  VatNumberValidationRequest: { vatNumber: { instead: () => '' } },
  ClearChargingProfileResponse: { status: outcome },
  GetCompositeScheduleResponse: { status: outcomeWith('schedule'), ...schedule('schedule', LIMIT) },
  GetVariablesResponse: {
    getVariableResult: { instead: () => [] },
    'getVariableResult.attributeStatus': { instead: ({ attributeStatus: it }) => (typeof it === 'string' && it !== '' ? 'Rejected' : 'Accepted') },
    'getVariableResult.variable': { needed: 'a value without its variable' },
    'getVariableResult.variable.name': { needed: 'a value without its variable' },
  },
  SetChargingProfileResponse: { status: outcome },
};

const RULES: Readonly<Record<OcppVersion, Readonly<Record<string, Rules>>>> = {
  '1.6': V16,
  '2.0.1': V2X,
  // A period of OCPP 2.1 may have no limit.
  '2.1': { ...V2X, GetCompositeScheduleResponse: { status: outcomeWith('schedule'), ...schedule('schedule', { distorts: true }) } },
};

const NONE: Rules = {};

/** The rules of a message, such as `StatusNotificationRequest`. */
export const rulesOf = (version: OcppVersion, name: string): Rules => RULES[version][name] ?? NONE;
