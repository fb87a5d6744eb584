import { printMomentMillis } from '../../domain/moment.ts';
import type { TokenDecision } from '../station.ts';
import { idTokenInfo } from '../v201/id-token-info.ts';
import { AWAY_REASON, type AwayRow, boot, type Fields, fieldsOf, heartbeat, numberIn, type Presented, refusal, report } from './while-away-row.ts';

const statusInfo = { reasonCode: 'InternalError', additionalInfo: AWAY_REASON };

/** The token of a message, unless it comes with a contract certificate: the node cannot check one (OCPP 2.0.1 C07). */
function presentsToken({ idToken, evse, certificate, iso15118CertificateHashData }: Fields): Presented | undefined {
  const { idToken: uid, type } = fieldsOf(idToken) ?? {};
  if (typeof uid !== 'string' || typeof type !== 'string' || certificate !== undefined || iso15118CertificateHashData !== undefined) return undefined;
  const evseId = fieldsOf(evse)?.id;
  return { idToken: { uid, type }, ...(typeof evseId === 'number' && { evseId }) };
}

const authorize: AwayRow = {
  keep: 'no',
  presents: presentsToken,
  answer: ({ certificate, iso15118CertificateHashData }, { decision }) =>
    certificate !== undefined || iso15118CertificateHashData !== undefined
      ? { idTokenInfo: { status: 'Invalid' }, certificateStatus: 'NoCertificateAvailable' }
      : { idTokenInfo: infoOf(decision) },
};
const infoOf = (decision: TokenDecision | undefined) => idTokenInfo(decision ?? { status: 'Invalid' });

const transactionEvent: AwayRow = {
  keep: 'in-order',
  isEdge: ({ eventType }) => eventType === 'Started' || eventType === 'Ended',
  isTransactional: true,
  presents: presentsToken,
  answer: (_, { decision }) => (decision ? { idTokenInfo: idTokenInfo(decision) } : {}),
};

/** What happens to each action of a station in OCPP 2.0.1 while the CSMS is away. */
export const away201: Readonly<Record<string, AwayRow>> = {
  Authorize: authorize,
  BootNotification: boot,
  ClearedChargingLimit: report,
  DataTransfer: refusal({ status: 'Rejected', statusInfo }),
  FirmwareStatusNotification: report,
  Get15118EVCertificate: refusal({ status: 'Failed', exiResponse: '', statusInfo }),
  GetCertificateStatus: refusal({ status: 'Failed', statusInfo }),
  Heartbeat: heartbeat,
  LogStatusNotification: report,
  MeterValues: report,
  NotifyChargingLimit: report,
  NotifyCustomerInformation: report,
  NotifyDisplayMessages: report,
  NotifyEVChargingNeeds: refusal({ status: 'Rejected', statusInfo }),
  NotifyEVChargingSchedule: { keep: 'in-order', answer: () => ({ status: 'Accepted' }) },
  NotifyEvent: report,
  NotifyMonitoringReport: report,
  NotifyReport: report,
  PublishFirmwareStatusNotification: report,
  ReportChargingProfiles: report,
  ReservationStatusUpdate: report,
  SecurityEventNotification: report,
  SignCertificate: refusal({ status: 'Rejected', statusInfo }),
  StatusNotification: {
    keep: 'newest',
    key: ({ evseId, connectorId }) => `status ${numberIn(evseId)} ${numberIn(connectorId)}`,
    answer: () => ({}),
  },
  TransactionEvent: transactionEvent,
};

/** The status of every certificate is Failed: it could not be looked up (OCPP 2.1 M07). */
const getCertificateChainStatus: AwayRow = {
  keep: 'no',
  answer: ({ certificateStatusRequests: asked }, { now }) => ({
    certificateStatus: (Array.isArray(asked) ? asked : []).map((it) => {
      const { certificateHashData, source } = fieldsOf(it) ?? {};
      return { certificateHashData, source, status: 'Failed', nextUpdate: printMomentMillis(now) };
    }),
  }),
};
const vatNumberValidation: AwayRow = {
  keep: 'no',
  answer: ({ vatNumber, evseId }) => ({ status: 'Rejected', vatNumber, ...(evseId !== undefined && { evseId }), statusInfo }),
};

/** What happens to each action of a station in OCPP 2.1 while the CSMS is away. */
export const away21: Readonly<Record<string, AwayRow>> = {
  ...away201,
  BatterySwap: report,
  ClosePeriodicEventStream: report,
  GetCertificateChainStatus: getCertificateChainStatus,
  NotifyDERAlarm: report,
  NotifyDERStartStop: report,
  NotifyPriorityCharging: report,
  NotifySettlement: report,
  OpenPeriodicEventStream: refusal({ status: 'Rejected', statusInfo }),
  PullDynamicScheduleUpdate: refusal({ status: 'Rejected', statusInfo }),
  ReportDERControl: report,
  VatNumberValidation: vatNumberValidation,
};
