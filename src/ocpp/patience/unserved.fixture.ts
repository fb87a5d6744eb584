const noValue = 'the value is gone, and no other energy is in the message';
const notKnown = 'what was measured, or in which unit, is not known: a wrong energy would be worse than none';
const NULL_UNIT = 'without a unit the standard says Wh; the station may have meant kWh';
const noSchedule = 'the schedule has lost a limit, its unit or a period: the rest is not what the station will do';
const noEvent = 'the event does not say of what it is, or has no value; the others of the message count';
const noStart = 'a start needs an id of its own';

/**
 * The fields without which a message does not serve its purpose, by action and path, with the reason. A call among them is answered,
 * unless the reason is one of `refused`.
 */
export const unserved: Readonly<Record<string, string>> = {
  'GetCertificateChainStatus.certificateStatusRequests': 'the message names no certificate that the answer could be about',
  'GetCompositeSchedule.chargingSchedule': noSchedule,
  'GetCompositeSchedule.chargingSchedule.chargingRateUnit': noSchedule,
  'GetCompositeSchedule.chargingSchedule.chargingSchedulePeriod': noSchedule,
  'GetCompositeSchedule.chargingSchedule.chargingSchedulePeriod.limit': noSchedule,
  'GetCompositeSchedule.chargingSchedule.chargingSchedulePeriod.startPeriod': noSchedule,
  'GetCompositeSchedule.schedule': noSchedule,
  'GetCompositeSchedule.schedule.chargingRateUnit': noSchedule,
  'GetCompositeSchedule.schedule.chargingSchedulePeriod': noSchedule,
  'GetCompositeSchedule.schedule.chargingSchedulePeriod.limit': noSchedule,
  'GetCompositeSchedule.schedule.chargingSchedulePeriod.startPeriod': noSchedule,
  'MeterValues.meterValue': noValue,
  'MeterValues.meterValue.sampledValue': noValue,
  'MeterValues.meterValue.sampledValue.value': noValue,
  'MeterValues.meterValue.sampledValue.location': notKnown,
  'MeterValues.meterValue.sampledValue.measurand': notKnown,
  'MeterValues.meterValue.sampledValue.unit': `${notKnown}; null: ${NULL_UNIT}`,
  'NotifyEvent.eventData': noEvent,
  'NotifyEvent.eventData.actualValue': noEvent,
  'NotifyEvent.eventData.component.name': noEvent,
  'NotifyEvent.eventData.variable.name': noEvent,
  'TransactionEvent.meterValue': noValue,
  'TransactionEvent.meterValue.sampledValue': noValue,
  'TransactionEvent.meterValue.sampledValue.value': noValue,
  'TransactionEvent.meterValue.sampledValue.location': notKnown,
  'TransactionEvent.meterValue.sampledValue.measurand': notKnown,
  'TransactionEvent.meterValue.sampledValue.unitOfMeasure': notKnown,
  'TransactionEvent.meterValue.sampledValue.unitOfMeasure.multiplier': notKnown,
  'TransactionEvent.meterValue.sampledValue.unitOfMeasure.unit': notKnown,
  'TransactionEvent.transactionInfo': noStart,
  'TransactionEvent.transactionInfo.transactionId': noStart,
};

/** The fields whose loss refuses the call with a CALLERROR. */
export const refused: readonly string[] = [
  'GetCertificateChainStatus.certificateStatusRequests',
  'TransactionEvent.transactionInfo',
  'TransactionEvent.transactionInfo.transactionId',
];
